using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pillarbox.IdleBench;

/// <summary>What a crowd does.</summary>
internal enum CrowdKind
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Says EHLO and then nothing.</summary>
    Idle,

    /// <summary>Sends an octet of a command now and then.</summary>
    Command,

    /// <summary>Sends an octet of a message now and then.</summary>
    Message,
}

/// <summary>Connections that do next to nothing.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private readonly List<Socket> _sockets = [];
    private readonly CancellationTokenSource _end = new();
    private Task _trickle = Task.CompletedTask;

    /// <summary>How often each of them sends an octet.</summary>
    public static TimeSpan Round { get; } = TimeSpan.FromSeconds(5);

    public int Count => _sockets.Count;

    public static string Describe(CrowdKind kind) => kind switch
    {
        CrowdKind.None => "none",
        CrowdKind.Idle => "idle after EHLO",
        CrowdKind.Command => "an octet of a command every 5 s",
        _ => "an octet of a message every 5 s",
    };

    public static async Task<Crowd> ConnectAsync(IPEndPoint address, int count, CrowdKind kind)
    {
        var crowd = new Crowd();
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address);
            await HearAsync(socket, "220");
            await SayAsync(socket, "EHLO crowd.example\r\n", "250 ");
            if (kind == CrowdKind.Message)
                await SayAsync(socket, "MAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nDATA\r\n", "354");
            crowd._sockets.Add(socket);
        }

        if (kind is CrowdKind.Command or CrowdKind.Message)
            crowd._trickle = Task.Run(crowd.TrickleAsync);
        return crowd;
    }

    /// <summary>Fails if the server has closed one of them: then something else would have been measured.</summary>
    public void ThrowIfCut()
    {
        if (_sockets.Count(socket => socket.Poll(0, SelectMode.SelectRead)) is var cut and > 0)
            throw new InvalidOperationException($"{cut} connections were cut, or got a reply that nobody asked for");
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _trickle;
        foreach (var socket in _sockets)
            socket.Dispose();
        _end.Dispose();
    }

    private static async Task SayAsync(Socket socket, string text, string end)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        await HearAsync(socket, end);
    }

    private static async Task HearAsync(Socket socket, string end)
    {
        var buffer = new byte[1024];
        var said = "";
        while (!said.EndsWith("\r\n", StringComparison.Ordinal) || !said.Split("\r\n")[^2].StartsWith(end, StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer);
            if (read == 0)
                throw new IOException($"closed after: {said}");
            said += Encoding.ASCII.GetString(buffer, 0, read);
        }
    }

    // Evenly over the round, a hundredth of them at a time.
    private async Task TrickleAsync()
    {
        const int Parts = 100;
        byte[] octet = [(byte)'N'];
        try
        {
            using var timer = new PeriodicTimer(Round / Parts);
            for (var part = 0; await timer.WaitForNextTickAsync(_end.Token); part = (part + 1) % Parts)
            {
                for (var i = part; i < _sockets.Count; i += Parts)
                    await _sockets[i].SendAsync(octet);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough was measured.
        }
    }
}
