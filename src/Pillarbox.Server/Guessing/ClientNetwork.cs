using System.Net;
using System.Net.Sockets;

namespace Pillarbox.Server.Guessing;

/// <summary>
/// Who counts as one client: an address of IPv4, or a /64 of IPv6, which is what one host is given to choose its addresses from
/// (RFC 4291 §2.5.1), so that a single address limits nobody.
/// </summary>
internal static class ClientNetwork
{
    private const int PrefixOctets = 8;

    /// <summary>The network's first address.</summary>
    public static IPAddress Of(IPAddress client)
    {
        if (client.AddressFamily != AddressFamily.InterNetworkV6)
            return client;
        Span<byte> octets = stackalloc byte[16];
        client.TryWriteBytes(octets, out _);
        octets[PrefixOctets..].Clear();
        return new IPAddress(octets);
    }

    /// <summary>As logs have it.</summary>
    public static string Describe(IPAddress client) =>
        client.AddressFamily == AddressFamily.InterNetworkV6 ? $"{Of(client)}/64" : client.ToString();
}
