using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Pillarbox.Peers;

/// <summary>Waits for what another process does.</summary>
public static class Readiness
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until something holds; looks every 20 ms.</summary>
    /// <exception cref="TimeoutException">It did not come to hold; <paramref name="what"/> says what.</exception>
    public static Task UntilAsync(Func<bool> condition, string what, TimeSpan? limit = null) =>
        UntilAsync(() => Task.FromResult(condition()), what, limit);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string, TimeSpan?)"/>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (limit ?? _limit))
                throw new TimeoutException($"Not within {limit ?? _limit}: {what}");

            await Task.Delay(_pause);
        }
    }

    /// <summary>Waits until a TCP port takes connections; a server that ends before that is an error with all it said.</summary>
    public static Task UntilListensAsync(IPEndPoint endpoint, ChildProcess server) => UntilAsync(
        async () =>
        {
            if (server.HasExited)
            {
                var status = await server.WaitForExitAsync(_limit);
                throw new InvalidOperationException($"{server.Name} ended with status {status} before it listened on {endpoint}:\n{server.Output}");
            }

            return await AcceptsAsync(endpoint);
        },
        $"{server.Name} listens on {endpoint}");

    private static async Task<bool> AcceptsAsync(IPEndPoint endpoint)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
