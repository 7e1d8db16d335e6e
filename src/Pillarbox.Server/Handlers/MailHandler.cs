using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue;

namespace Pillarbox.Server.Handlers;

/// <summary>MAIL: who may send at all, and what may be asked of the delivery.</summary>
internal static class MailHandler
{
    /// <summary>Answers MAIL.</summary>
    public static Step Handle(SessionState session, ServerPolicy policy, ReadOnlySpan<byte> argument, TimeProvider time)
    {
        // RFC 9422 §4.1: MAIL commands count, whether they are taken or not.
        if (++session.Transactions > policy.Limits.Transactions)
            return new Step(ReplyCatalogue.TooManyTransactions, After.Close);
        if (session.Listener.Auth == ListenerAuth.Required && session.Account is null && !RelayRight.IsFromTrustedNetwork(session))
            return ReplyCatalogue.AuthRequired;
        if (MailCommand.Read(argument, out var mail) is { } fault)
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
        var hold = mail.HoldFor is { } wait ? time.GetUtcNow() + wait : mail.HoldUntil;
        if (hold is { } until)
        {
            if (!HoldsMail(session, policy))
                return ReplyCatalogue.UnknownParameter;
            if (until - time.GetUtcNow() > policy.Limits.FutureRelease)
                return ReplyCatalogue.HoldTooLong;
        }

        var lowered = mail.Priority > 0 && !MayHurry(session);
        session.BeginTransaction(mail, Requests(mail, hold, lowered, time));
        return lowered ? ReplyCatalogue.PriorityLowered : ReplyCatalogue.SenderOk;
    }

    private static SenderRequests Requests(in MailCommand mail, DateTimeOffset? hold, bool lowered, TimeProvider time)
    {
        if (mail is { Return: null, EnvelopeId: null, DeliverBy: null, Priority: null, RequireTls: false } && hold is null)
            return SenderRequests.None;

        var now = time.GetUtcNow();

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
