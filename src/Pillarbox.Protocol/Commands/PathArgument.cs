using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Protocol.Commands;

/// <summary>
/// Takes <c>FROM:&lt;…&gt;</c> or <c>TO:&lt;…&gt;</c> off an argument (RFC 5321 §4.1.2): the address between the brackets, a source
/// route ahead of it checked and left out (RFC 5321 appendix C), and the parameters behind it.
/// </summary>
internal static class PathArgument
{
    /// <param name="argument">All that stands behind the verb.</param>
    /// <param name="keyword">FROM: or TO:.</param>
    /// <param name="address">What stands between the brackets; empty for <c>&lt;&gt;</c>.</param>
    /// <param name="parameters">What stands behind them, without spaces around it.</param>
    public static bool TrySplit(
        ReadOnlySpan<byte> argument, ReadOnlySpan<byte> keyword, out ReadOnlySpan<byte> address, out ReadOnlySpan<byte> parameters)
    {
        address = parameters = default;
        if (argument.Length < keyword.Length || !System.Text.Ascii.EqualsIgnoreCase(argument[..keyword.Length], keyword))
            return false;

        // A space behind the colon is no standard, but common enough that every peer takes it.
        var rest = argument[keyword.Length..].TrimStart((byte)' ');
        if (rest.IsEmpty || rest[0] != (byte)'<')
            return false;

        var end = ClosingBracket(rest);
        if (end < 0)
            return false;

        address = rest[1..end];
        parameters = rest[(end + 1)..];
        if (!parameters.IsEmpty && parameters[0] != (byte)' ')
            return false;

        parameters = parameters.Trim((byte)' ');
        return TrySkipSourceRoute(ref address);
    }

    // The bracket that ends the path: the first outside a quoted local part.
    private static int ClosingBracket(ReadOnlySpan<byte> path)
    {
        var quoted = false;
        for (var i = 1; i < path.Length; i++)
        {
            switch (path[i])
            {
                case (byte)'\\' when quoted:
                    i++;
                    break;
                case (byte)'"':
                    quoted = !quoted;
                    break;
                case (byte)'>' when !quoted:
                    return i;
            }
        }

        return -1;
    }

    private static bool TrySkipSourceRoute(ref ReadOnlySpan<byte> address)
    {
        if (address.IsEmpty || address[0] != (byte)'@')
            return true;

        var colon = RouteEnd(address);
        if (colon < 0)
            return false;

        var route = address[..colon];
        address = address[(colon + 1)..];
        while (true)
        {
            var comma = route.IndexOf((byte)',');
            var hop = comma < 0 ? route : route[..comma];
            if (hop.Length < 2 || hop[0] != (byte)'@' || !MailboxGrammar.IsDomain(hop[1..]))
                return false;
            if (comma < 0)
                return !address.IsEmpty;
            route = route[(comma + 1)..];
        }
    }

    // The colon behind the route: the first outside brackets, since an IPv6 literal has colons of its own.
    private static int RouteEnd(ReadOnlySpan<byte> address)
    {
        var literal = false;
        for (var i = 0; i < address.Length; i++)
        {
            if (address[i] == (byte)'[')
                literal = true;
            else if (address[i] == (byte)']')
                literal = false;
            else if (address[i] == (byte)':' && !literal)
                return i;
        }

        return -1;
    }
}
