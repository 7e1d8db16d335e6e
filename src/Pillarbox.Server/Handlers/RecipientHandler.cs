using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue.Lists;

namespace Pillarbox.Server.Handlers;

/// <summary>RCPT: whom a session may send to.</summary>
internal sealed class RecipientHandler(ServerContext server)
{
    private readonly OurAddresses _addresses = new(server);
    private readonly NullMx _nullMx = new(server);

    /// <summary>Answers RCPT.</summary>
    public ValueTask<Step> HandleAsync(SessionState session, ReadOnlySpan<byte> argument)
    {
        if (RcptCommand.Read(argument, session.SmtpUtf8, out var given) is { } fault)
            return new(fault);

        var policy = server.Policy.Current;
        if (session.RecipientsAccepted >= policy.Limits.Recipients)
            return new(ReplyCatalogue.TooManyRecipients);

        var recipient = given.Address.Domain.IsEmpty ? given with { Address = given.Address.At(_addresses.PostmasterDomain(policy)) } : given;
        if (session.Listener.Role == ListenerRole.Capture)
            return new(Accept(session, recipient));
        return OurAddresses.Judge(policy, recipient.Address) switch
        {
            Standing.NotOurs => RelayAsync(session, recipient),
            Standing.Missing => new(ReplyCatalogue.NoSuchUser),
            Standing.Account => CheckAccountAsync(session, recipient),
            Standing.There when IsListTooMany(session, policy, recipient.Address) => new(ReplyCatalogue.TooManyRecipients),
            _ => new(Accept(session, recipient)),
        };
    }

    private ValueTask<Step> RelayAsync(SessionState session, Recipient recipient)
    {
        if (!RelayRight.Has(session))
            return new(ReplyCatalogue.RelayDenied);
        return _nullMx.IsAskedFor(session) ? CheckMxAsync(session, recipient) : new(Accept(session, recipient));
    }

    // RFC 7505 §4.1: said here, where the sender's program can show it, and not days later in a report.
    private async ValueTask<Step> CheckMxAsync(SessionState session, Recipient recipient) =>
        await _nullMx.HasAsync(recipient.Address) ? ReplyCatalogue.RecipientHasNullMx : Accept(session, recipient);

    private async ValueTask<Step> CheckAccountAsync(SessionState session, Recipient recipient) => await _addresses.HasAccountAsync(recipient.Address) switch
    {
        true => Accept(session, recipient),
        false => ReplyCatalogue.NoSuchUser,
        null => ReplyCatalogue.RecipientCheckFailed,
    };

    // A list counts with all whom it stands for, or a thousand of them would make a message to a million. The first is always taken, however
    // large the limits let it be; who stands for nobody else is counted by the limit alone.
    private static bool IsListTooMany(SessionState session, ServerPolicy policy, Mailbox address)
    {
        var lists = policy.Lists;
        if (lists.Find(address) is not { } list || lists.SizeOf(address) is var size && size <= 1)
            return false;

        long sum = size;
        var others = false;
        foreach (var recipient in session.Recipients)
        {
            var there = lists.Find(recipient.Address);
            if (ReferenceEquals(there, list))
                return false;
            others |= there is not null;
            sum += there is null ? 1 : lists.SizeOf(recipient.Address);
        }

        return others && sum > Math.Max(policy.Limits.Recipients, MailingLists.MostMembers);
    }

    private static Step Accept(SessionState session, Recipient recipient)
    {
        session.AddRecipient(recipient);
        return ReplyCatalogue.RecipientOk;
    }
}
