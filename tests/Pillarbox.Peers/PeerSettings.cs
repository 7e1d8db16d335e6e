namespace Pillarbox.Peers;

/// <summary>What a <see cref="MailServer"/> is to be.</summary>
public sealed record PeerSettings
{
    /// <summary>Its name.</summary>
    public string Hostname { get; init; } = "peer.test";

    /// <summary>The loopback address on which it listens.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Its port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Where it sends everything; <see langword="null"/>: it keeps everything in its maildir.</summary>
    public PeerRelay? Relay { get; init; }

    /// <summary>Offers STARTTLS with a certificate of its own.</summary>
    public bool Tls { get; init; }

    /// <summary>Offers AUTH once TLS is on, and takes mail from this account alone.</summary>
    public PeerAccount? Account { get; init; }

    /// <summary>The mechanism of <see cref="Account"/> where the server can be told one alone.</summary>
    public string Mechanism { get; init; } = "PLAIN";

    /// <summary>A recipient that it refuses with 550.</summary>
    public string Refused { get; init; } = "nobody@destination.test";
}

/// <summary>An account.</summary>
public sealed record PeerAccount(string User, string Password);

/// <summary>A server on loopback that a peer sends everything to.</summary>
/// <param name="Port">Its port on 127.0.0.1.</param>
/// <param name="Account">Logs in with that, over TLS; <see langword="null"/>: speaks without either.</param>
public sealed record PeerRelay(int Port, PeerAccount? Account = null);
