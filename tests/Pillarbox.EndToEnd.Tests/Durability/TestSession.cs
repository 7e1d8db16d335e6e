using System.Net.Sockets;
using System.Text;

namespace Pillarbox.EndToEnd.Tests.Durability;

/// <summary>A client's session, plain and by hand, so that a test can cut it off wherever it likes.</summary>
internal sealed class TestSession : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;

    private TestSession(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
        _reader = new StreamReader(_stream, Encoding.Latin1);
    }

    /// <summary>Connects and says EHLO.</summary>
    public static async Task<TestSession> OpenAsync(int port, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            var session = new TestSession(client);
            await session.ReadReplyAsync(220, cancellationToken);
            await session.CommandAsync("EHLO client.test", 250, cancellationToken);
            return session;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Hands a message over; returns what the 250 said.</summary>
    public async Task<string> SendAsync(string from, IEnumerable<string> recipients, string message, CancellationToken cancellationToken)
    {
        await BeginAsync(from, recipients, cancellationToken);
        await WriteAsync(message, cancellationToken);
        return await CommandAsync(".", 250, cancellationToken);
    }

    /// <summary>Goes as far as the 354.</summary>
    public async Task BeginAsync(string from, IEnumerable<string> recipients, CancellationToken cancellationToken)
    {
        await CommandAsync($"MAIL FROM:<{from}>", 250, cancellationToken);
        foreach (var recipient in recipients)
            await CommandAsync($"RCPT TO:<{recipient}>", 250, cancellationToken);
        await CommandAsync("DATA", 354, cancellationToken);
    }

    /// <summary>Sends text as it is.</summary>
    public async Task WriteAsync(string text, CancellationToken cancellationToken) =>
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

    /// <summary>Sends a line; returns the last line of the reply.</summary>
    public async Task<string> CommandAsync(string line, int expected, CancellationToken cancellationToken)
    {
        await WriteAsync(line + "\r\n", cancellationToken);
        return await ReadReplyAsync(expected, cancellationToken);
    }

    /// <summary>Cuts the connection off as a crashed client's system does: with a reset.</summary>
    public void Reset()
    {
        _client.LingerState = new LingerOption(true, 0);
        _client.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }

    private async Task<string> ReadReplyAsync(int expected, CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await _reader.ReadLineAsync(cancellationToken) ?? throw new IOException("the server closed the connection");
            if (line.Length > 3 && line[3] == '-')
                continue;
            if (!line.StartsWith($"{expected}", StringComparison.Ordinal))
                throw new UnexpectedReplyException($"{line} in place of {expected}");
            return line;
        }
    }
}

/// <summary>The server answered, and not as it should.</summary>
internal sealed class UnexpectedReplyException(string message) : Exception(message);
