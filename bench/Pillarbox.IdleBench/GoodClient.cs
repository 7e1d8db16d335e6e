using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pillarbox.IdleBench;

/// <summary>What a good client saw, in milliseconds a session.</summary>
internal readonly record struct Figures(double Rate, double Median, double High, double Longest);

/// <summary>Sends one message after the other, each over a connection of its own, and looks at the clock.</summary>
internal static class GoodClient
{
    private static readonly byte[] _message = Encoding.ASCII.GetBytes("Subject: x\r\n\r\n" + string.Concat(Enumerable.Repeat(new string('x', 62) + "\r\n", 16)) + ".\r\n");

    public static async Task<Figures> RunAsync(IPEndPoint address, TimeSpan duration)
    {
        var took = new List<double>();
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            var start = Stopwatch.GetTimestamp();
            await SendAsync(address);
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        took.Sort();
        return new Figures(took.Count / Stopwatch.GetElapsedTime(began).TotalSeconds, took[took.Count / 2], took[took.Count * 99 / 100], took[^1]);
    }

    private static async Task SendAsync(IPEndPoint address)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(address);
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, false, 1024, leaveOpen: true);
        await HearAsync(reader, "220");
        await SayAsync(stream, reader, "EHLO good.example\r\n"u8.ToArray(), "250");
        await SayAsync(stream, reader, "MAIL FROM:<ann@example.net>\r\n"u8.ToArray(), "250");
        await SayAsync(stream, reader, "RCPT TO:<bob@example.com>\r\n"u8.ToArray(), "250");
        await SayAsync(stream, reader, "DATA\r\n"u8.ToArray(), "354");
        await SayAsync(stream, reader, _message, "250");
        await SayAsync(stream, reader, "QUIT\r\n"u8.ToArray(), "221");
    }

    private static async Task SayAsync(NetworkStream stream, StreamReader reader, byte[] bytes, string code)
    {
        await stream.WriteAsync(bytes);
        await HearAsync(reader, code);
    }

    private static async Task HearAsync(StreamReader reader, string code)
    {
        while (true)
        {
            var line = await reader.ReadLineAsync();
            if (line is null || !line.StartsWith(code, StringComparison.Ordinal))
                throw new IOException($"expected {code}, got {line}");
            if (line[3] == ' ')
                return;
        }
    }
}
