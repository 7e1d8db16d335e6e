using System.Net;
using System.Net.Sockets;
using System.Text;
using Pillarbox.Peers;

namespace Pillarbox.EndToEnd.Tests;

/// <summary>Whatever is done to the console, mail goes on: HTTP requests that are half sent or never read hold up no SMTP reply.</summary>
public sealed class BlockedConsoleTests
{
    private const int Requests = 200;
    private const int MessageLines = 16_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Smtp_session_is_served_while_requests_are_half_sent_and_answers_are_not_read()
    {
        await using var server = await PillarboxProcess.EvaluateAsync();
        var id = await SendAsync(server.SmtpPort, string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", MessageLines)));
        var console = new IPEndPoint(IPAddress.Loopback, server.ConsolePort);
        var blocked = new List<Socket>();
        try
        {
            for (var i = 0; i < Requests; i++)
            {
                // Half of them stop within the head of the request, half ask for 16 MB and take nothing.
                var path = i % 4 == 3 ? "/" : $"/api/messages/{id}/raw";
                var request = i % 2 == 0 ? "GET / HTTP/1.1\r\nHost: local" : $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n";
                blocked.Add(await AskAsync(console, request));
            }

            for (var i = 0; i < 5; i++)
                await SendAsync(server.SmtpPort, $"Subject: {i}\r\n\r\n");

            Assert.All(blocked, socket => Assert.True(socket.Connected));
        }
        finally
        {
            foreach (var socket in blocked)
                socket.Dispose();
        }
    }

    private static async Task<Socket> AskAsync(IPEndPoint console, string request)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(console, Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), Token);
        return socket;
    }

    // A whole session; each reply is waited for, and the id that the 250 gave is returned.
    private static async Task<string> SendAsync(int port, string message)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Token);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await ExpectAsync(reader, "220");
        await SayAsync("EHLO client.example.com\r\n", "250");
        await SayAsync("MAIL FROM:<ann@example.org>\r\n", "250");
        await SayAsync("RCPT TO:<bob@example.net>\r\n", "250");
        await SayAsync("DATA\r\n", "354");
        var promise = await SayAsync($"{message}.\r\n", "250");
        await SayAsync("QUIT\r\n", "221");
        return promise.Split(' ')[^1];

        async Task<string> SayAsync(string text, string expected)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Token);
            return await ExpectAsync(reader, expected);
        }
    }

    private static async Task<string> ExpectAsync(StreamReader reader, string expected)
    {
        string line;
        do
        {
            line = await reader.ReadLineAsync(Token).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Token) ?? throw new IOException("the server hung up");
        }
        while (line is [_, _, _, '-', ..]);

        Assert.StartsWith(expected, line, StringComparison.Ordinal);
        return line;
    }
}
