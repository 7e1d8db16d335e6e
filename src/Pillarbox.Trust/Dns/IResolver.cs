using System.Collections.Immutable;
using System.Net;

namespace Pillarbox.Trust.Dns;

/// <summary>How a question to the DNS ended.</summary>
public enum DnsOutcome
{
    /// <summary>There are records.</summary>
    Found,

    /// <summary>The name exists and has no record of the type asked for.</summary>
    NoData,

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    NoSuchName,

    /// <summary>No answer to rely on: time-out, SERVFAIL, REFUSED, a broken answer. Try again later.</summary>
    Failed,
}

/// <summary>An answer of the DNS.</summary>
/// <param name="Outcome">How the question ended.</param>
/// <param name="Records">The records, empty unless found.</param>
/// <param name="Authenticated">Whether the resolver vouches for them (the AD bit, RFC 4035 §3.2.3), as DANE will need.</param>
/// <param name="Error">What went wrong, in words, where it failed.</param>
public sealed record DnsAnswer<T>(DnsOutcome Outcome, ImmutableArray<T> Records, bool Authenticated = false, string? Error = null);

/// <summary>A mail exchanger (RFC 5321 §5.1). An empty <paramref name="Host"/> is the root: with preference 0 and alone, a null MX (RFC 7505).</summary>
public readonly record struct MailExchanger(ushort Preference, string Host);

/// <summary>Asks the DNS. Answers are hostile until parsed; none throws for what a server said.</summary>
public interface IResolver
{
    /// <summary>The MX records of a domain given in ASCII or Unicode.</summary>
    ValueTask<DnsAnswer<MailExchanger>> ResolveMxAsync(string domain, CancellationToken cancellationToken = default);

    /// <summary>The A and AAAA records of a host, AAAA first.</summary>
    ValueTask<DnsAnswer<IPAddress>> ResolveAddressesAsync(string host, CancellationToken cancellationToken = default);
}
