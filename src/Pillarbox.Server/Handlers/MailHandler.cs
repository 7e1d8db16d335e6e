using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue;

namespace Pillarbox.Server.Handlers;

/// <summary>MAIL: who may send at all, and what may be asked of the delivery.</summary>
internal sealed class MailHandler(ServerContext server)
{
    private readonly NullMx _nullMx = new(server);

    /// <summary>Answers MAIL.</summary>
    public ValueTask<Step> HandleAsync(SessionState session, ReadOnlySpan<byte> argument)
    {
        var policy = server.Policy.Current;

        // RFC 9422 §4.1: MAIL commands count, whether they are taken or not.
        if (++session.Transactions > policy.Limits.Transactions)
            return new(new Step(ReplyCatalogue.TooManyTransactions, After.Close));
        if (Refusal(session, policy, argument, out var mail) is { } refusal)
            return new(refusal);
        return mail.Sender is { } sender && _nullMx.IsAskedFor(session) ? CheckMxAsync(session, mail, sender) : new(Begin(session, mail));
    }

    private Reply? Refusal(SessionState session, ServerPolicy policy, ReadOnlySpan<byte> argument, out MailCommand mail)
    {
        mail = default;
        if (session.Listener.Auth == ListenerAuth.Required && session.Account is null && !RelayRight.IsFromTrustedNetwork(session))
            return ReplyCatalogue.AuthRequired;
        if (MailCommand.Read(argument, out mail) is { } fault)
            return fault;

        if (session.Senders is { } senders && !senders.Allow(mail.Sender))
            return ReplyCatalogue.SenderNotYours;

        // RFC 1870 §6.1: a declared size is refused here, before the client sends it all for nothing.
        if (mail.Size > policy.Limits.MessageSize)
            return ReplyCatalogue.MessageTooBig;

        // RFC 8689 §4.1: what must stay under TLS must have come under it.
        if (mail.RequireTls && session.Tls is null)
            return ReplyCatalogue.TlsNeeded;

        // Ahead of all that is reckoned from it: a release may be as far away as no time after it is.
        if (Release(mail) is not { } until)
            return null;
        if (!HoldsMail(session, policy))
            return ReplyCatalogue.UnknownParameter;
        return until - server.Time.GetUtcNow() > policy.Limits.FutureRelease ? ReplyCatalogue.HoldTooLong : null;
    }

    // RFC 7505 §4.2: whoever cannot be answered has no business to send.
    private async ValueTask<Step> CheckMxAsync(SessionState session, MailCommand mail, Mailbox sender) =>
        await _nullMx.HasAsync(sender) ? ReplyCatalogue.SenderHasNullMx : Begin(session, mail);

    private Step Begin(SessionState session, in MailCommand mail)
    {
        var lowered = mail.Priority > 0 && !MayHurry(session);
        session.BeginTransaction(mail, Requests(mail, lowered));
        return lowered ? ReplyCatalogue.PriorityLowered : ReplyCatalogue.SenderOk;
    }

    private DateTimeOffset? Release(in MailCommand mail) => mail.HoldFor is { } wait ? server.Time.GetUtcNow() + wait : mail.HoldUntil;

    private SenderRequests Requests(in MailCommand mail, bool lowered)
    {
        var hold = Release(mail);
        if (mail is { Return: null, EnvelopeId: null, DeliverBy: null, Priority: null, RequireTls: false } && hold is null)
            return SenderRequests.None;

        var now = server.Time.GetUtcNow();

        // The time for a delivery runs from when there may be one: a message that is held for longer than it has would never be tried.
        var begin = hold > now ? hold.Value : now;
        return new SenderRequests
        {
            Return = mail.Return,
            EnvelopeId = mail.EnvelopeId,
            DeliverBy = mail.DeliverBy is { } by ? new DeliverBy(begin + by.Within, by.Mode, by.Trace) : null,
            HoldUntil = hold,
            Priority = lowered ? 0 : mail.Priority ?? 0,
            RequireTls = mail.RequireTls,
        };
    }

    // RFC 6710 §5.2: priority is for whom the server knows; from others mail is at most ordinary.
    private static bool MayHurry(SessionState session) => session.Listener.Role == ListenerRole.Capture || RelayRight.Has(session);

    /// <summary>Whether FUTURERELEASE is offered: an extension of submission (RFC 4865 §4.1), of which an operator may want none.</summary>
    public static bool HoldsMail(SessionState session, ServerPolicy policy) =>
        session.Listener.Role is not (ListenerRole.Inbound or ListenerRole.Lmtp) && policy.Limits.FutureRelease > TimeSpan.Zero;
}
