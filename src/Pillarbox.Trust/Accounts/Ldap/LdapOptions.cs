using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace Pillarbox.Trust.Accounts.Ldap;

/// <summary>A directory server.</summary>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its port.</param>
/// <param name="IsTls">Whether TLS is spoken from the start, as <c>ldaps://</c> says.</param>
public sealed record LdapServer(string Host, int Port, bool IsTls)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(IsTls ? "ldaps" : "ldap")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";

    /// <summary>Reads <c>ldap://HOST[:PORT]</c> or <c>ldaps://HOST[:PORT]</c>.</summary>
    public static LdapServer? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("ldap" or "ldaps") || uri.DnsSafeHost.Length == 0
            || uri.AbsolutePath is not ("" or "/") || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
            return null;
        var isTls = uri.Scheme == "ldaps";
        return new LdapServer(uri.DnsSafeHost, uri.Port > 0 ? uri.Port : isTls ? 636 : 389, isTls);
    }
}

/// <summary>How accounts of a directory are found: by a DN that is made of the name, or by a search.</summary>
public sealed record LdapOptions
{
    /// <summary>The server.</summary>
    public required LdapServer Server { get; init; }

    /// <summary>Whether TLS begins by StartTLS (RFC 4511 §4.14).</summary>
    public bool StartTls { get; init; }

    /// <summary>Who certifies the server; empty for whom the system trusts.</summary>
    public ImmutableArray<X509Certificate2> Authorities { get; init; } = [];

    /// <summary>The DN of an account, <c>{name}</c> in it; <see langword="null"/> where accounts are searched for.</summary>
    public string? UserDn { get; init; }

    /// <summary>Below what is searched.</summary>
    public string? Base { get; init; }

    /// <summary>What finds an account, <c>{name}</c> in it.</summary>
    public string Filter { get; init; } = "(uid={name})";

    /// <summary>What finds a recipient: <c>{local}</c>, <c>{domain}</c> and <c>{address}</c> in it.</summary>
    public string RecipientFilter { get; init; } = "(mail={address})";

    /// <summary>As whom is searched; <see langword="null"/> for nobody.</summary>
    public string? BindDn { get; init; }

    /// <summary>A file with the password of <see cref="BindDn"/>, read for each search.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The attribute with the addresses that an account may send from; <see langword="null"/> for any address.</summary>
    public string? Senders { get; init; }
}
