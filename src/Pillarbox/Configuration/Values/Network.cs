using System.Net;
using System.Net.Sockets;

namespace Pillarbox.Configuration.Values;

/// <summary>A network narrow enough to be trusted: at least /8 of IPv4, mapped into IPv6 or not, or /32 of IPv6. A lone address is a network of one.</summary>
/// <param name="could">What everybody could do who is trusted.</param>
internal sealed class Network(string could = "relay") : TextKind("a network such as 192.0.2.0/24 or 2001:db8::/32")
{
    private const int MinPrefixV4 = 8;
    private const int MinPrefixV6 = 32;

    // RFC 4291 §2.5.5.2: ::ffff:0:0/96 holds every IPv4 address.
    private static readonly IPNetwork Mapped = IPNetwork.Parse("::ffff:0:0/96");

    protected override Reading Read(string text, ReadingContext context)
    {
        if (Parse(text, out var hasHostBits) is not { } network)
            return Reading.Wrong($"\"{text}\" is no network; write {Form}");
        if (hasHostBits)
            return Reading.Wrong($"\"{text}\" has bits set beyond its prefix; write {network}");

        var isV6 = network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
        if (isV6 && HoldsMapped(network))
            return TooWide(text, $"it holds every IPv4 address (mapped), so everybody could {could}");
        if (isV6 && network.BaseAddress.IsIPv4MappedToIPv6)
            network = new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - Mapped.PrefixLength);

        return network.PrefixLength >= (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? MinPrefixV4 : MinPrefixV6)
            ? Reading.Of(network)
            : TooWide(text, $"everybody in it could {could}");
    }

    // IPNetwork.Contains would take a mapped address for the IPv4 one in it.
    private static bool HoldsMapped(IPNetwork network) =>
        network.PrefixLength <= Mapped.PrefixLength
        && FirstOf(Mapped.BaseAddress.GetAddressBytes(), network.PrefixLength).AsSpan().SequenceEqual(network.BaseAddress.GetAddressBytes());

    private static byte[] FirstOf(byte[] address, int prefix)
    {
        for (var bit = prefix; bit < address.Length * 8; bit++)
            address[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return address;
    }

    private static Reading TooWide(string text, string why) =>
        Reading.Wrong($"\"{text}\" is too wide: {why}; write networks of /{MinPrefixV4} (IPv4) or /{MinPrefixV6} (IPv6) at the widest");

    private static IPNetwork? Parse(string text, out bool hasHostBits)
    {
        hasHostBits = false;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? text : text[..slash];
        // IPAddress takes 10.1 for 10.0.0.1 and scopes; neither is a network that anybody means.
        if (!IPAddress.TryParse(host, out var address) || host.AsSpan().ContainsAny('%', '[')
            || (address.AddressFamily == AddressFamily.InterNetwork && host.Count(c => c == '.') != 3))
            return null;

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out prefix) || prefix > bits))
            return null;

        var first = new IPAddress(FirstOf(address.GetAddressBytes(), prefix));
        hasHostBits = !first.Equals(address);
        return new IPNetwork(first, prefix);
    }
}
