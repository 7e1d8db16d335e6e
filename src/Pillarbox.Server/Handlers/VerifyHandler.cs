using System.Text;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue.Lists;

namespace Pillarbox.Server.Handlers;

/// <summary>VRFY and EXPN (RFC 5321 §3.5).</summary>
internal sealed class VerifyHandler(ServerContext server)
{
    private readonly OurAddresses _addresses = new(server);

    /// <summary>Answers VRFY. RFC 5321 §7.3: who may not know which mailboxes there are gets 252, whatever was asked.</summary>
    public ValueTask<Step> VerifyAsync(SessionState session, ReadOnlySpan<byte> argument)
    {
        if (argument.IsEmpty)
            return new(ReplyCatalogue.ArgumentNeeded);

        // Captured mail is taken for whatever name there is.
        if (!session.Listener.Verify || session.Listener.Role == ListenerRole.Capture)
            return new(ReplyCatalogue.CannotVerify);

        var policy = server.Policy.Current;
        return Named(policy, argument) switch
        {
            null => new(ReplyCatalogue.BadRecipient),
            [] => new(ReplyCatalogue.CannotVerify),
            var mailboxes => CheckAsync(policy, mailboxes),
        };
    }

    /// <summary>Answers EXPN: who is in a list, told as VRFY tells who is there, but by a setting of its own.</summary>
    public Step Expand(SessionState session, ReadOnlySpan<byte> argument)
    {
        if (argument.IsEmpty)
            return ReplyCatalogue.ArgumentNeeded;
        if (!session.Listener.Expand || session.Listener.Role == ListenerRole.Capture)
            return ReplyCatalogue.CannotVerify;

        var policy = server.Policy.Current;
        if (Named(policy, argument) is not { } mailboxes)
            return ReplyCatalogue.BadRecipient;
        MailingList? list = null;
        foreach (var mailbox in mailboxes)
        {
            if (policy.Lists.Find(mailbox) is not { } found)
                continue;
            if (list is not null)
                return ReplyCatalogue.AmbiguousList;
            list = found;
        }

        if (list is null)
            return ReplyCatalogue.NoSuchList;

        // RFC 6531 §3.7.4.2: an answer that would not be ASCII is not given.
        return list.Members.Any(member => member.NeedsSmtpUtf8)
            ? ReplyCatalogue.CannotVerify
            : ReplyCatalogue.Members([.. list.Members.Select(member => member.Text)]);
    }

    // Whom the argument may mean; null where it is no address and no name.
    private Mailbox[]? Named(ServerPolicy policy, ReadOnlySpan<byte> argument)
    {
        // RFC 6531 §3.7.4.2: the parameter says that the answer may be in UTF-8. Ours never are.
        if (argument.Length > 9 && Ascii.EqualsIgnoreCase(argument[^9..], " SMTPUTF8"u8))
            argument = argument[..^9].TrimEnd((byte)' ');
        if (argument is [(byte)'<', .., (byte)'>'])
            argument = argument[1..^1];
        if (Mailbox.TryParse(argument, out var mailbox) && !mailbox.Domain.IsEmpty)
            return [mailbox];
        if (Ascii.EqualsIgnoreCase(argument, "postmaster"u8))
            return Mailbox.TryParse([.. argument, (byte)'@', .. Encoding.UTF8.GetBytes(_addresses.PostmasterDomain(policy))], out var postmaster) ? [postmaster] : null;
        return MailboxesOf(policy, argument);
    }

    // A name without a domain may be one of each of ours.
    private static Mailbox[]? MailboxesOf(ServerPolicy policy, ReadOnlySpan<byte> name)
    {
        if (name.Contains((byte)'@'))
            return null;
        var mailboxes = new List<Mailbox>();
        foreach (var domain in policy.Domains)
        {
            if (!Mailbox.TryParse([.. name, (byte)'@', .. Encoding.UTF8.GetBytes(domain.Name)], out var mailbox))
                return null;
            mailboxes.Add(mailbox);
        }

        return [.. mailboxes];
    }

    private async ValueTask<Step> CheckAsync(ServerPolicy policy, Mailbox[] mailboxes)
    {
        var found = new List<Mailbox>();
        foreach (var mailbox in mailboxes)
        {
            // What is not ours, what takes every name and what no reply can hold is not known before it is tried.
            var standing = OurAddresses.Judge(policy, mailbox);
            if (standing is Standing.NotOurs or Standing.Taken || mailbox.NeedsSmtpUtf8)
                return ReplyCatalogue.CannotVerify;
            var has = standing == Standing.Account ? await _addresses.HasAccountAsync(mailbox) : standing == Standing.There;
            if (has is not { } there)
                return ReplyCatalogue.RecipientCheckFailed;
            if (there)
                found.Add(mailbox);
        }

        return found switch
        {
            [var one] => ReplyCatalogue.Verified(one.Text),
            [] => ReplyCatalogue.NoSuchUser,
            _ => ReplyCatalogue.Ambiguous,
        };
    }
}
