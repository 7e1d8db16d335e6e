using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Pillarbox.Peers;

/// <summary>SMTP spoken by hand: what a test says goes over the wire as it is, and what the server answers is read as text.</summary>
public sealed class SmtpConversation : IAsyncDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(2);

    private readonly TcpClient _client;
    private Stream _stream;
    private StreamReader _reader;

    private SmtpConversation(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
        _reader = ReaderOf(_stream);
    }

    /// <summary>Connects to a port on loopback and reads the greeting.</summary>
    public static async Task<SmtpConversation> ConnectAsync(int port, string address = "127.0.0.1")
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Parse(address), port);
        var conversation = new SmtpConversation(client);
        conversation.Greeting = await conversation.ReadReplyAsync();
        return conversation;
    }

    /// <summary>The greeting.</summary>
    public string Greeting { get; private set; } = "";

    /// <summary>Sends a line and reads the reply, all its lines, joined by LF.</summary>
    public async Task<string> CommandAsync(string line)
    {
        await SendAsync(Encoding.UTF8.GetBytes(line + "\r\n"));
        return await ReadReplyAsync();
    }

    /// <summary>Sends a line; a reply that does not begin with <paramref name="code"/> is an error.</summary>
    public async Task<string> ExpectAsync(string line, string code)
    {
        var reply = await CommandAsync(line);
        return reply.StartsWith(code, StringComparison.Ordinal)
            ? reply
            : throw new InvalidOperationException($"{line}: expected {code}, got {reply}");
    }

    /// <summary>Sends octets as they are.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> octets)
    {
        using var limit = new CancellationTokenSource(_limit);
        await _stream.WriteAsync(octets, limit.Token);
        await _stream.FlushAsync(limit.Token);
    }

    /// <summary>Reads a reply, all its lines, joined by LF; empty when the server has closed.</summary>
    public async Task<string> ReadReplyAsync()
    {
        using var limit = new CancellationTokenSource(_limit);
        var reply = new StringBuilder();
        while (await _reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (reply.Length > 0)
                reply.Append('\n');

            reply.Append(line);
            if (line.Length < 4 || line[3] != '-')
                break;
        }

        return reply.ToString();
    }

    /// <summary>STARTTLS and the handshake; any certificate is accepted.</summary>
    public async Task StartTlsAsync()
    {
        await ExpectAsync("STARTTLS", "220");
#pragma warning disable CA5359 // The servers of tests have certificates of their own making.
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync("localhost");
        _stream = tls;
        _reader = ReaderOf(tls);
    }

    /// <summary>A whole transaction: MAIL, RCPT, DATA with dots stuffed; returns the reply to the message.</summary>
    /// <param name="message">The message with CRLF; a last line that does not end with CRLF gets one.</param>
    /// <param name="from">The reverse-path, without its brackets.</param>
    /// <param name="to">The recipient.</param>
    /// <param name="parameters">MAIL's parameters.</param>
    public async Task<string> TransactAsync(ReadOnlyMemory<byte> message, string from, string to, string parameters = "BODY=8BITMIME")
    {
        await ExpectAsync($"MAIL FROM:<{from}>{(parameters.Length == 0 ? "" : " " + parameters)}", "250");
        await ExpectAsync($"RCPT TO:<{to}>", "250");
        await ExpectAsync("DATA", "354");
        await SendAsync(Stuff(message.Span));
        return await ReadReplyAsync();
    }

    /// <summary>A message as DATA carries it: dots stuffed, and the dot that ends it (RFC 5321 §4.5.2).</summary>
    public static byte[] Stuff(ReadOnlySpan<byte> message)
    {
        using var stuffed = new MemoryStream(message.Length + 1024);
        var lineStart = true;
        foreach (var octet in message)
        {
            if (lineStart && octet == '.')
                stuffed.WriteByte((byte)'.');

            stuffed.WriteByte(octet);
            lineStart = octet == '\n';
        }

        stuffed.Write(lineStart ? ".\r\n"u8 : "\r\n.\r\n"u8);
        return stuffed.ToArray();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }

    private static StreamReader ReaderOf(Stream stream) => new(stream, Encoding.UTF8, leaveOpen: true);
}
