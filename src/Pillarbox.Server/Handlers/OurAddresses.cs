using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Server.Handlers;

/// <summary>What is known of an address before anything is sent to it.</summary>
internal enum Standing
{
    /// <summary>Its domain is none of ours.</summary>
    NotOurs,

    /// <summary>There is none of that name.</summary>
    Missing,

    /// <summary>There is one of that name.</summary>
    There,

    /// <summary>Its domain takes every name.</summary>
    Taken,

    /// <summary>The accounts know.</summary>
    Account,
}

/// <summary>Which addresses there are in our domains: what RCPT takes and what VRFY knows.</summary>
internal sealed class OurAddresses(ServerContext server)
{
    /// <summary>What is known of an address without asking anybody.</summary>
    public static Standing Judge(ServerPolicy policy, Mailbox address)
    {
        if (policy.FindDomain(address.Domain) is not { } domain)
            return Standing.NotOurs;
        if (policy.Lists.Find(address) is not null)
            return Standing.There;
        if (domain.NamesPath && !(PathSegment.IsSafe(address.UnquotedLocalPart()) && PathSegment.IsSafe(address.Domain)))
            return Standing.Missing;
        if (domain.Recipients == RecipientCheck.Any)
            return Standing.Taken;

        // RFC 5321 §4.5.1: mail for postmaster is always taken.
        return address.LocalPart.Equals("postmaster", StringComparison.OrdinalIgnoreCase) ? Standing.There : Standing.Account;
    }

    /// <summary>Asks the accounts.</summary>
    /// <returns>Whether they have the address; <see langword="null"/> where they could not say, which is logged.</returns>
    public async ValueTask<bool?> HasAccountAsync(Mailbox address)
    {
        try
        {
            return await server.Accounts.HasRecipientAsync(address.UnquotedLocalPart(), address.Domain.ToString());
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            server.Log.RecipientCheckFailed(exception, address.Text);
            return null;
        }
    }

    /// <summary>
    /// The domain of a postmaster who is named without one: this host's own (RFC 5321 §4.1.1.3), at its name, where that is a domain of ours,
    /// else at our first domain.
    /// </summary>
    public string PostmasterDomain(ServerPolicy policy) =>
        policy.Domains.IsEmpty || policy.FindDomain(server.Options.Hostname) is not null ? server.Options.Hostname : policy.Domains[0].Name;
}
