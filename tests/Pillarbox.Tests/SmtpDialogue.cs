using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pillarbox.Tests;

/// <summary>Speaks SMTP line by line, as a person with telnet would.</summary>
internal sealed class SmtpDialogue : IDisposable
{
    private readonly TcpClient _client;
    private readonly StreamReader _reader;
    private readonly NetworkStream _stream;

    private SmtpDialogue(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
        _reader = new StreamReader(_stream, Encoding.ASCII);
    }

    /// <summary>Connects; the greeting is the first reply to read.</summary>
    public static async Task<SmtpDialogue> ConnectAsync(IPEndPoint address)
    {
        var client = new TcpClient(address.AddressFamily);
        await client.ConnectAsync(address);
        return new SmtpDialogue(client);
    }

    /// <summary>Sends a line and reads the reply.</summary>
    public async Task<string> SayAsync(string line)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
        return await ReadAsync();
    }

    /// <summary>Reads a reply, all of its lines; an empty text at the end of the connection.</summary>
    public async Task<string> ReadAsync()
    {
        var reply = new StringBuilder();
        while (await _reader.ReadLineAsync().WaitAsync(BuiltProgram.Patience) is { } line)
        {
            reply.AppendLine(line);
            if (line.Length < 4 || line[3] == ' ')
                break;
        }

        return reply.ToString().TrimEnd();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }
}
