using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Pillarbox.Protocol.Grammar;

/// <summary>Addresses as protocols write them. The framework takes more: 10.1 and 010.0.0.1, brackets, ports and scopes.</summary>
public static class AddressText
{
    private static readonly SearchValues<byte> OfV6 = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Reads an address of one family and nothing else.</summary>
    /// <param name="text">The text.</param>
    /// <param name="family">IPv4 or IPv6.</param>
    /// <param name="address">The address; an IPv4 one that was written as IPv6 is IPv4 again.</param>
    /// <returns>Whether it was one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, AddressFamily family, out IPAddress address)
    {
        address = IPAddress.None;
        var isPlain = family == AddressFamily.InterNetwork ? IsDotted(text) : !text.ContainsAnyExcept(OfV6);
        if (!isPlain || !IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != family)
            return false;
        address = Plain(parsed);
        return true;
    }

    /// <summary>An IPv4 address that is mapped into IPv6 (RFC 4291 §2.5.5.2) as what it is.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static bool IsDotted(ReadOnlySpan<byte> text)
    {
        var numbers = 0;
        foreach (var range in text.Split((byte)'.'))
        {
            var number = text[range];
            if (number.Length is 0 or > 3 || number.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (number.Length > 1 && number[0] == (byte)'0'))
                return false;
            numbers++;
        }

        return numbers == 4;
    }
}
