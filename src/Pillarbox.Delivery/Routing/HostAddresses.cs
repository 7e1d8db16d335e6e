using System.Collections.Immutable;
using System.Net;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Routing;

/// <summary>A host's addresses, or why there are none.</summary>
internal readonly record struct AddressAnswer(ImmutableArray<IPAddress> Addresses, Verdict? Failure);

/// <summary>Finds the addresses of a host, which may be an address itself.</summary>
internal sealed class HostAddresses(IResolver resolver)
{
    /// <summary>Addresses of one host that are tried: more help nobody, and a hostile zone could list hundreds (RFC 5321 §5.1 asks for two).</summary>
    private const int MaxAddresses = 6;

    public async ValueTask<AddressAnswer> FindAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
            return new AddressAnswer([literal], null);

        var answer = await resolver.ResolveAddressesAsync(host, cancellationToken);
        return answer.Outcome switch
        {
            DnsOutcome.Found => new AddressAnswer([.. answer.Records.Take(MaxAddresses)], null),
            DnsOutcome.NoData or DnsOutcome.NoSuchName => new AddressAnswer([], Verdict.Fail(4, 4, $"the host {host} has no address in the DNS", host)),
            _ => new AddressAnswer([], Verdict.Defer(4, 3, $"the DNS does not give the address of {host}: {answer.Error ?? "no answer"}", host)),
        };
    }
}
