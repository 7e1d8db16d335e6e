using System.Text;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue;

namespace Pillarbox.Server.Handlers;

/// <summary>VRFY and EXPN (RFC 5321 §3.5).</summary>
internal sealed class VerifyHandler(ServerContext server)
{
    /// <summary>Answers VRFY. RFC 5321 §7.3: who may not know which mailboxes there are gets 252, whatever was asked.</summary>
    public ValueTask<Step> VerifyAsync(SessionState session, ReadOnlySpan<byte> argument)
    {
        if (argument.IsEmpty)
            return new(ReplyCatalogue.ArgumentNeeded);

        // Captured mail is taken for whatever name there is.
        if (!session.Listener.Verify || session.Listener.Role == ListenerRole.Capture)
            return new(ReplyCatalogue.CannotVerify);

        // RFC 6531 §3.7.4.2: the parameter says that the answer may be in UTF-8. Ours never are.
        if (argument.Length > 9 && Ascii.EqualsIgnoreCase(argument[^9..], " SMTPUTF8"u8))
            argument = argument[..^9].TrimEnd((byte)' ');
        if (argument is [(byte)'<', .., (byte)'>'])
            argument = argument[1..^1];

        var policy = server.Policy.Current;
        if (Mailbox.TryParse(argument, out var mailbox) && !mailbox.Domain.IsEmpty)
            return CheckAsync(policy, [mailbox]);
        if (Ascii.EqualsIgnoreCase(argument, "postmaster"u8) && Mailbox.TryParse([.. argument, (byte)'@', .. Encoding.UTF8.GetBytes(RecipientHandler.PostmasterDomain(server, policy))], out var postmaster))
            return CheckAsync(policy, [postmaster]);
        return MailboxesOf(policy, argument) switch
        {
            null => new(ReplyCatalogue.BadRecipient),
            [] => new(ReplyCatalogue.CannotVerify),
            var mailboxes => CheckAsync(policy, mailboxes),
        };
    }

    /// <summary>Answers EXPN: there are no lists here.</summary>
    public static Step Expand(ReadOnlySpan<byte> argument) => argument.IsEmpty ? ReplyCatalogue.ArgumentNeeded : ReplyCatalogue.CannotVerify;

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
            var domain = policy.FindDomain(mailbox.Domain);
            if (domain is null || mailbox.NeedsSmtpUtf8)
                return ReplyCatalogue.CannotVerify;
            if (domain.NamesPath && !(PathSegment.IsSafe(mailbox.UnquotedLocalPart()) && PathSegment.IsSafe(mailbox.Domain)))
                continue;
            if (domain.Recipients == RecipientCheck.Any)
                return ReplyCatalogue.CannotVerify;
            try
            {
                if (mailbox.LocalPart.Equals("postmaster", StringComparison.OrdinalIgnoreCase)
                    || await server.Accounts.HasRecipientAsync(mailbox.UnquotedLocalPart(), mailbox.Domain.ToString()))
                    found.Add(mailbox);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                server.Log.RecipientCheckFailed(exception, mailbox.Text);
                return ReplyCatalogue.RecipientCheckFailed;
            }
        }

        return found switch
        {
            [var one] => ReplyCatalogue.Verified(one.Text),
            [] => ReplyCatalogue.NoSuchUser,
            _ => ReplyCatalogue.Ambiguous,
        };
    }
}
