using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Pillarbox.Server.Tests;

/// <summary>A client that says just what it is told.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly byte[] _one = new byte[1];
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
    private Stream _stream = Stream.Null;

    public static async Task<TestClient> ConnectAsync(IPEndPoint address, bool greeted = true)
    {
        var client = new TestClient();
        await client._tcp.ConnectAsync(address);
        client._stream = client._tcp.GetStream();
        if (greeted)
            Assert.StartsWith("220 ", await client.ReplyAsync(), StringComparison.Ordinal);
        return client;
    }

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), _limit.Token);

    /// <summary>Says a line and returns the last line of the reply.</summary>
    public async Task<string?> SayAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync();
    }

    /// <summary>The last line of the next reply; null where the server has closed.</summary>
    public async Task<string?> ReplyAsync() => (await ReplyLinesAsync()) is [.., var last] ? last : null;

    /// <summary>The lines of the next reply; empty where the server has closed.</summary>
    public async Task<List<string>> ReplyLinesAsync()
    {
        var lines = new List<string>();
        while (await LineAsync() is { } line)
        {
            lines.Add(line);
            if (line.Length < 4 || line[3] != '-')
                return lines;
        }

        return [];
    }

    public async Task<SslStream> StartTlsAsync()
    {
        var tls = new SslStream(_stream, false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "mx.example.org" }, _limit.Token);
        _stream = tls;
        return tls;
    }

    /// <summary>Goes without a word.</summary>
    public void Vanish()
    {
        _tcp.Client.LingerState = new LingerOption(true, 0);
        _tcp.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
        _limit.Dispose();
    }

    private async Task<string?> LineAsync()
    {
        var bytes = new List<byte>();
        while (bytes is not [.., 13, 10])
        {
            int read;
            try
            {
                read = await _stream.ReadAsync(_one, _limit.Token);
            }
            catch (IOException)
            {
                read = 0;
            }

            if (read == 0)
                return bytes.Count == 0 ? null : throw new EndOfStreamException();
            bytes.Add(_one[0]);
        }

        return Encoding.Latin1.GetString([.. bytes]).TrimEnd('\r', '\n');
    }
}
