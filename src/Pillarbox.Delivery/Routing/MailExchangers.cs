using System.Collections.Immutable;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Routing;

/// <summary>The hosts that take a domain's mail, or why there are none.</summary>
/// <param name="Hosts">In order of preference; those of one preference in any order.</param>
/// <param name="Failure">Why there are none: permanent where the DNS says so for good, else transient.</param>
/// <param name="IsSure">
/// Whether nobody on the way can have put in hosts of his own (RFC 8689 §4.2.1): the resolver vouches for the answer (DNSSEC), or the domain is the
/// host itself, whose certificate names it.
/// </param>
internal sealed record MailHosts(ImmutableArray<MailExchanger> Hosts, Verdict? Failure, bool IsSure = false)
{
    /// <summary>The same for domains with the same hosts, as surely: what they share is one site with one set of connections.</summary>
    public string SiteKey() => string.Join(' ', Hosts.Select(host => $"{host.Preference}:{host.Host}").Append(IsSure ? "!" : "?"));

    /// <summary>The hosts to try, in order: the lowest preference first, those of one preference shuffled (RFC 5321 §5.1).</summary>
    public IReadOnlyList<string> InTurn(Chance chance)
    {
        var hosts = Hosts.ToArray();
        chance.Shuffle(hosts);
        return [.. hosts.OrderBy(host => host.Preference).Select(host => host.Host)];
    }

    public static MailHosts None(Verdict failure) => new([], failure);
}

/// <summary>Finds the mail exchangers of a domain (RFC 5321 §5.1).</summary>
internal sealed class MailExchangers(IResolver resolver, string hostname)
{
    public async ValueTask<MailHosts> FindAsync(string domain, CancellationToken cancellationToken)
    {
        if (domain is ['[', ..])
            return new MailHosts([new MailExchanger(0, LiteralAddress(domain))], null, IsSure: true);

        var answer = await resolver.ResolveMxAsync(domain, cancellationToken);
        return answer.Outcome switch
        {
            DnsOutcome.Found => Usable(domain, answer.Records) with { IsSure = answer.Authenticated },
            // Implicit MX: the domain is its own host.
            DnsOutcome.NoData => Usable(domain, [new MailExchanger(0, domain)]) with { IsSure = true },
            DnsOutcome.NoSuchName => MailHosts.None(Verdict.Fail(1, 2, $"the domain {domain} does not exist in the DNS")),
            _ => MailHosts.None(Verdict.Defer(4, 3, $"the DNS does not say where mail for {domain} goes: {answer.Error ?? "no answer"}")),
        };
    }

    private MailHosts Usable(string domain, ImmutableArray<MailExchanger> records)
    {
        // RFC 7505 §3: a lone root label says that the domain takes no mail. Among others it is an error, and is passed over.
        if (records.All(record => record.Host.Length == 0))
            return MailHosts.None(Verdict.Fail(1, 10, $"the domain {domain} says that it accepts no mail (null MX)"));

        // RFC 5321 §5.1: who is among the exchangers drops itself and all that are not preferred to it, or mail would go in a circle.
        var own = records.Where(record => IsOurs(record.Host)).Select(record => (int?)record.Preference).Min();
        var left = records.Where(record => record.Host.Length > 0 && (own is null || record.Preference < own))
            .DistinctBy(record => record.Host, StringComparer.OrdinalIgnoreCase)
            .OrderBy(record => record.Preference).ThenBy(record => record.Host, StringComparer.OrdinalIgnoreCase);
        ImmutableArray<MailExchanger> hosts = [.. left];
        return hosts.IsEmpty
            ? MailHosts.None(Verdict.Fail(4, 6, $"mail for {domain} loops back to this server, which does not take it as its own"))
            : new MailHosts(hosts, null);
    }

    private bool IsOurs(string host) => host.AsSpan().TrimEnd('.').Equals(hostname, StringComparison.OrdinalIgnoreCase);

    // [192.0.2.1] and [IPv6:2001:db8::1] (RFC 5321 §4.1.3); the address grammar has seen to it that it is one.
    private static string LiteralAddress(string literal)
    {
        var inner = literal.AsSpan(1, literal.Length - 2);
        return (inner.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? inner["IPv6:".Length..] : inner).ToString();
    }
}
