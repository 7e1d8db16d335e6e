using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pillarbox.Delivery.Routing;

/// <summary>The parts of <see cref="DeliveryTarget.TryParse"/>. No <see cref="Uri"/>: it lower-cases, decodes and mends more than it should here.</summary>
internal static class TargetGrammar
{
    private const string NoServer = "the server is HOST:PORT, an IPv6 address in brackets, the port 1 to 65535";

    public static DeliveryTarget? ParseMaildir(string path, out string? error)
    {
        error = null;
        if (path.Length == 0)
            error = "a path is missing: maildir:/srv/mail/{local}";
        else if (path.Contains('\0', StringComparison.Ordinal))
            error = "a path has no NUL";
        else if (UnknownPlaceholder(path) is { } unknown)
            error = $"unknown placeholder {unknown}; {{local}} and {{domain}} are known";
        return error is null ? new DeliveryTarget.Maildir(path) : null;
    }

    public static DeliveryTarget? ParseLmtp(string rest, out string? error)
    {
        // 24 is for mail systems of one's own, and where LMTP usually is; never 25 (RFC 2033 §5).
        var known = TrySplitHost(rest.EndsWith('/') ? rest[..^1] : rest, 24, out var host, out var port);
        error = !known ? NoServer : port == 25 ? "port 25 is for SMTP" : null;
        return error is null ? new DeliveryTarget.Lmtp(host, port) : null;
    }

    public static DeliveryTarget? ParseSmarthost(string rest, bool implicitTls, out string? error)
    {
        string? user = null, password = null;
        var at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            var login = rest[..at];
            var colon = login.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                error = "a login is USER:PASSWORD@";
                return null;
            }

            user = Uri.UnescapeDataString(login[..colon]);
            password = Uri.UnescapeDataString(login[(colon + 1)..]);
            if (user.Contains('\0', StringComparison.Ordinal) || password.Contains('\0', StringComparison.Ordinal))
            {
                // NUL parts the fields of AUTH PLAIN (RFC 4616 §2).
                error = "a login has no NUL";
                return null;
            }

            rest = rest[(at + 1)..];
        }

        if (rest.EndsWith('/'))
            rest = rest[..^1];
        if (!TrySplitHost(rest, implicitTls ? 465 : 25, out var host, out var port))
        {
            error = NoServer;
            return null;
        }

        error = null;
        return new DeliveryTarget.Smarthost(host, port, implicitTls, user, password);
    }

    private static bool TrySplitHost(string text, int defaultPort, out string host, out int port)
    {
        host = "";
        port = defaultPort;
        var portText = "";
        if (text is ['[', ..])
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0 || !IPAddress.TryParse(text.AsSpan(1, close - 1), out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
                return false;
            host = text[1..close];
            if (close + 1 < text.Length)
            {
                if (text[close + 1] != ':')
                    return false;
                portText = text[(close + 2)..];
                if (portText.Length == 0)
                    return false;
            }
        }
        else
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            host = colon < 0 ? text : text[..colon];
            if (colon >= 0)
            {
                portText = text[(colon + 1)..];
                if (portText.Length == 0)
                    return false;
            }

            if (!IsHostName(host))
                return false;
        }

        return portText.Length == 0
            || (int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535);
    }

    private static bool IsHostName(string host) =>
        host.Length is > 0 and <= 253 && host.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_')
        && !host.StartsWith('.') && !host.Contains("..", StringComparison.Ordinal);

    private static string? UnknownPlaceholder(string path)
    {
        for (var open = path.IndexOf('{', StringComparison.Ordinal); open >= 0; open = path.IndexOf('{', open + 1))
        {
            var close = path.IndexOf('}', open);
            var name = close < 0 ? path[open..] : path[open..(close + 1)];
            if (name is not ("{local}" or "{domain}"))
                return name;
        }

        return null;
    }
}
