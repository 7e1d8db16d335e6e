using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pillarbox.Server.Sessions;

/// <summary>
/// How many sessions each client has. A client is an address of IPv4, or a /64 of IPv6: that is what one host is given to
/// choose its addresses from (RFC 4291 §2.5.1), so that a single address limits nobody.
/// </summary>
internal sealed class ClientCounts
{
    private const int PrefixOctets = 8;

    private readonly ConcurrentDictionary<IPAddress, int> _sessions = new();

    /// <summary>Counts a session.</summary>
    /// <returns>How many its client has, this one included.</returns>
    public int Enter(IPAddress client) => _sessions.AddOrUpdate(Key(client), 1, static (_, count) => count + 1);

    /// <summary>It is over.</summary>
    public void Leave(IPAddress client)
    {
        var key = Key(client);
        while (_sessions.TryGetValue(key, out var count))
        {
            if (count > 1 ? _sessions.TryUpdate(key, count - 1, count) : _sessions.TryRemove(new(key, count)))
                return;
        }
    }

    private static IPAddress Key(IPAddress client)
    {
        if (client.AddressFamily != AddressFamily.InterNetworkV6)
            return client;
        Span<byte> octets = stackalloc byte[16];
        client.TryWriteBytes(octets, out _);
        octets[PrefixOctets..].Clear();
        return new IPAddress(octets);
    }
}
