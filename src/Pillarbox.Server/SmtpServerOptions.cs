using System.Collections.Immutable;
using System.Text;
using Pillarbox.Queue.Lists;
using Pillarbox.Server.Guessing;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Server;

/// <summary>Which local parts a domain has.</summary>
public enum RecipientCheck
{
    /// <summary>All of them.</summary>
    Any,

    /// <summary>Those of accounts; others get 550 5.1.1 at RCPT.</summary>
    Accounts,
}

/// <summary>A domain whose mail this server receives for good, as far as accepting it goes; where it is put is delivery's matter.</summary>
/// <param name="Name">The domain, in lower case.</param>
/// <param name="Recipients">Which local parts it has.</param>
/// <param name="NamesPath">Whether the address becomes part of a path, so that one which could leave it gets 550 5.1.1 at RCPT.</param>
public sealed record LocalDomain(string Name, RecipientCheck Recipients = RecipientCheck.Any, bool NamesPath = false);

/// <summary>
/// What can change while the server runs. A session takes the snapshot that is current when a command comes.
/// </summary>
/// <param name="Limits">How much a client may use.</param>
/// <param name="Domains">The server's own domains.</param>
public sealed record ServerPolicy(LimitOptions Limits, ImmutableArray<LocalDomain> Domains)
{
    /// <summary>Addresses of those domains that stand for others.</summary>
    public MailingLists Lists { get; init; } = MailingLists.None;

    /// <summary>How often somebody may be wrong about a secret.</summary>
    public GuessingOptions Guessing { get; init; } = new();

    /// <summary>The local domain of that name, given as A-labels or as U-labels, or <see langword="null"/>.</summary>
    public LocalDomain? FindDomain(ReadOnlySpan<char> name)
    {
        if (!Ascii.IsValid(name) && DomainNames.TryToAscii(name.ToString(), out var ascii))
            name = ascii;
        foreach (var domain in Domains)
        {
            if (name.Equals(domain.Name, StringComparison.OrdinalIgnoreCase))
                return domain;
        }

        return null;
    }
}

/// <summary>A server: its name, where it listens, what it allows.</summary>
public sealed record SmtpServerOptions
{
    /// <summary>The name in the greeting, in EHLO's reply and in Received: a domain name.</summary>
    public required string Hostname { get; init; }

    /// <summary>Where it listens.</summary>
    public required ImmutableArray<ListenerOptions> Listeners { get; init; }

    /// <summary>What it allows at the start.</summary>
    public ServerPolicy Policy { get; init; } = new(new LimitOptions(), []);

    /// <summary>
    /// Whether sessions run on the threads that see their bytes arrive: much faster, if the process also has
    /// <c>DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1</c> from before its first socket. Concerns the SMTP listeners alone.
    /// </summary>
    public bool InlineScheduling { get; init; }

    /// <summary>How many ended sessions' transcripts are kept in memory.</summary>
    public int KeptSessions { get; init; } = 1000;

    /// <summary>Octets of transcript that a session keeps at most; of a longer one the middle is left out.</summary>
    public int TranscriptOctets { get; init; } = 8 << 10;
}
