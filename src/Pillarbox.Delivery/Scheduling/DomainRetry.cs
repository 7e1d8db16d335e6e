using System.Text;
using Pillarbox.Queue;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>What ETRN asks for: everything that waits for a domain is tried now. Reads the whole queue: the index knows no domains.</summary>
internal sealed class DomainRetry(DeliveryQueue queue, MailQueue messages, TimeProvider time) : IDomainRetry
{
    /// <inheritdoc/>
    public async Task<int> RetryAsync(string domain, bool withSubdomains, CancellationToken cancellationToken = default)
    {
        var name = Ascii.IsValid(domain) || !DomainNames.TryToAscii(domain, out var ascii) ? domain : ascii;
        var count = 0;
        var stirred = new HashSet<Destination>();
        await foreach (var message in messages.Store.ReadAllAsync(cancellationToken: cancellationToken))
        {
            // What its sender wants sent later (RFC 4865) does not wait for the domain.
            if (message.Envelope.Destination == Queue.Destination.Captured || message.Envelope.Requests.HoldUntil > time.GetUtcNow())
                continue;
            if (await queue.RetryAsync(message, index => IsIn(message.Envelope.Recipients[index].Address.Domain, name, withSubdomains), stirred, cancellationToken) > 0)
                count++;
        }

        return count;
    }

    private static bool IsIn(ReadOnlySpan<char> domain, string name, bool withSubdomains)
    {
        if (!Ascii.IsValid(domain) && DomainNames.TryToAscii(domain.ToString(), out var ascii))
            domain = ascii;
        return domain.Equals(name, StringComparison.OrdinalIgnoreCase)
            || (withSubdomains && domain.Length > name.Length && domain[^(name.Length + 1)] == '.' && domain.EndsWith(name, StringComparison.OrdinalIgnoreCase));
    }
}
