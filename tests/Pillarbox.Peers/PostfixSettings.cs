namespace Pillarbox.Peers;

/// <summary>What a <see cref="PostfixServer"/> is to be.</summary>
public sealed record PostfixSettings
{
    /// <summary>Its name.</summary>
    public string Hostname { get; init; } = "postfix.test";

    /// <summary>The loopback address on which it listens.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Its port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Where it sends everything, as <c>[HOST]:PORT</c>; <see langword="null"/>: it keeps everything in its maildir.</summary>
    public string? RelayHost { get; init; }

    /// <summary>Offers STARTTLS, and TLS from the first byte on <see cref="PostfixServer.TlsPort"/>, with a certificate of its own.</summary>
    public bool Tls { get; init; }

    /// <summary>Offers AUTH, and takes mail from those who log in alone.</summary>
    public DovecotAuth? Accounts { get; init; }

    /// <summary>Lines of main.cf that come last, and so prevail.</summary>
    public IReadOnlyList<string> Main { get; init; } = [];
}
