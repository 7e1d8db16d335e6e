using System.Net;
using System.Net.Sockets;

namespace Pillarbox.Peers;

/// <summary>Ports for servers that must be told theirs before they start.</summary>
public static class FreePort
{
    // Below the range from which the system takes the ports of outgoing connections, so that none of those takes it in between.
    private const int _first = 20_000;
    private const int _count = 12_000;

    private static int _next = (int)((uint)HashCode.Combine(Environment.ProcessId, Environment.TickCount64) % _count);

    /// <summary>A port that nothing listens on, on any loopback address; no two calls in a process give the same one.</summary>
    public static int Take()
    {
        for (var tries = 0; tries < _count; tries++)
        {
            var port = _first + (int)((uint)Interlocked.Increment(ref _next) % _count);
            if (IsFree(port))
                return port;
        }

        throw new InvalidOperationException("No port is free.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
