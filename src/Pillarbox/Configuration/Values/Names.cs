using System.Net;
using System.Text.RegularExpressions;
using Pillarbox.Delivery.Routing;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Reference;
using Pillarbox.Trust.Accounts.Ldap;

namespace Pillarbox.Configuration.Values;

/// <summary>A domain name in ASCII; international ones in their <c>xn--</c> form.</summary>
internal sealed partial class DomainName() : TextKind("a domain name such as mx.example.org")
{
    protected override Reading Read(string text, ReadingContext context) =>
        IsDomain(text) ? Reading.Of(text) : Reading.Wrong($"\"{text}\" is no domain name; write {Form}, an international one in its xn-- form");

    public static bool IsDomain(string text) => text.Length <= 253 && Pattern().IsMatch(text);

    // RFC 1123 §2.1, and the underscore that is seen in use.
    [GeneratedRegex(@"\A[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

/// <summary>A mail address with its domain.</summary>
internal sealed class MailAddress() : TextKind("an address such as ann@example.org")
{
    protected override Reading Read(string text, ReadingContext context) => Mailbox.TryParse(text, out var mailbox) && !mailbox.Domain.IsEmpty
        ? Reading.Of(mailbox)
        : Reading.Wrong($"\"{text}\" is no mail address; write {Form}");
}

/// <summary>A language of the reference, as a BCP 47 tag; <c>th-TH</c> is read as <c>th</c>.</summary>
internal sealed class LanguageTag() : TextKind($"one of {string.Join(", ", ReplyReference.Languages)}")
{
    protected override Reading Read(string text, ReadingContext context) =>
        ReferenceLanguage.Has(text) ? Reading.Of(ReferenceLanguage.For(text).Tag) : Reading.Wrong($"\"{text}\" is no language of the explanations; write {Form}");
}

/// <summary>Which domains a route is for.</summary>
internal sealed class RoutePattern() : TextKind("a domain, *.DOMAIN for all below it, or * for all")
{
    protected override Reading Read(string text, ReadingContext context) =>
        text == "*" || DomainName.IsDomain(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text)
            ? Reading.Of(text)
            : Reading.Wrong($"\"{text}\" is no pattern; write {Form}");
}

/// <summary>Where to put mail: a target of the kinds that the key allows.</summary>
internal sealed class Target(string form, Func<DeliveryTarget, bool> allowed) : TextKind(form)
{
    protected override Reading Read(string text, ReadingContext context)
    {
        // The text is not repeated: it may hold a password.
        if (!Known.Any(known => known.EndsWith(':') ? text.StartsWith(known, StringComparison.Ordinal) : text == known))
            return Reading.Wrong($"is no target; write {Form}");
        if (!DeliveryTarget.TryParse(text, out var target, out var error))
            return Reading.Wrong(error);
        return allowed(target) ? Reading.Of(target) : Reading.Wrong($"{text[..Scheme(text)]} has no place here; write {Form}");
    }

    private static readonly string[] Known = ["mx", "discard", "capture", "maildir:", "smtp:", "smtps:", "lmtp:", "https:"];

    private static int Scheme(string text) => text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? colon : text.Length;
}

/// <summary>A file that can be read. Relative paths start from the configuration file's directory.</summary>
/// <param name="mustExist">Whether it must be there already.</param>
internal sealed class FilePath(bool mustExist) : TextKind("the path of a file")
{
    protected override Reading Read(string text, ReadingContext context)
    {
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
            return Reading.Wrong($"is no path; write {Form}");
        var path = Path.GetFullPath(text, context.Directory);
        if (Directory.Exists(path))
            return Reading.Wrong($"{path} is a directory; write {Form}");
        if (!File.Exists(path))
            return mustExist ? Reading.Wrong($"there is no file {path}") : Reading.Of(path);

        try
        {
            using var _ = File.OpenHandle(path);
            return Reading.Of(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return Reading.Wrong($"{path} cannot be read; let the user that runs the server read it");
        }
    }
}

/// <summary>A directory, which the server makes where it is not there.</summary>
internal sealed class DirectoryPath() : TextKind("the path of a directory")
{
    protected override Reading Read(string text, ReadingContext context)
    {
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
            return Reading.Wrong($"is no path; write {Form}");
        var path = Path.GetFullPath(text, context.Directory);
        return File.Exists(path) ? Reading.Wrong($"{path} is a file; write {Form}") : Reading.Of(path);
    }
}

/// <summary>A UNIX socket, which need not be there yet.</summary>
internal sealed class SocketPath() : TextKind("the path of a UNIX socket")
{
    // sun_path of sockaddr_un has 108 octets, the last of them NUL.
    private const int MaxOctets = 107;

    protected override Reading Read(string text, ReadingContext context)
    {
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
            return Reading.Wrong($"is no path; write {Form}");
        var path = Path.GetFullPath(text, context.Directory);
        if (Directory.Exists(path))
            return Reading.Wrong($"{path} is a directory; write {Form}");
        return System.Text.Encoding.UTF8.GetByteCount(path) <= MaxOctets
            ? Reading.Of(path)
            : Reading.Wrong($"{path} is longer than the {MaxOctets} octets that a socket's path may have");
    }
}

/// <summary>A directory server.</summary>
internal sealed class DirectoryServer() : TextKind("ldaps://HOST or ldap://HOST, with :PORT where it is another than 636 and 389")
{
    protected override Reading Read(string text, ReadingContext context) =>
        LdapServer.Parse(text) is { } server ? Reading.Of(server) : Reading.Wrong($"is no directory server; write {Form}");
}

/// <summary>A filter of LDAP with places for names in it.</summary>
/// <param name="places">The places of which it needs one.</param>
internal sealed class DirectoryFilter(params string[] places) : TextKind($"a filter of LDAP with {string.Join(" or ", places)} in it")
{
    protected override Reading Read(string text, ReadingContext context)
    {
        if (!LdapAccountSource.IsFilter(text))
            return Reading.Wrong($"\"{text}\" is no filter of LDAP (RFC 4515); write one such as (uid={places[0]})");
        return places.Any(place => text.Contains(place, StringComparison.Ordinal))
            ? Reading.Of(text)
            : Reading.Wrong($"\"{text}\" finds the same whoever is asked for; write {Form}");
    }
}

/// <summary>An address and a port.</summary>
/// <param name="minPort">The smallest port: 0, which takes a free one, where the server listens; 1 where it asks.</param>
internal sealed class SocketAddress(int minPort) : TextKind("ADDRESS:PORT, such as 127.0.0.1:2525 or [::1]:2525")
{
    protected override Reading Read(string text, ReadingContext context)
    {
        if (TryParse(text) is not { } address)
            return Reading.Wrong($"\"{text}\" is no address with a port; write {Form}");
        return address.Port >= minPort ? Reading.Of(address) : Reading.Wrong($"port {address.Port} cannot be asked; write {Form}");
    }

    // IPEndPoint.TryParse takes an address without a port, and "25" as an address.
    public static IPEndPoint? TryParse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !IPEndPoint.TryParse(text, out var address))
            return null;
        var host = text[..colon];
        return host is ['[', .., ']'] || (host.Count(c => c == '.') == 3 && !host.Contains(':', StringComparison.Ordinal)) ? address : null;
    }
}
