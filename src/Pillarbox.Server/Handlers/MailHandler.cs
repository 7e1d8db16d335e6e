using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Server.Handlers;

/// <summary>MAIL: who may send at all.</summary>
internal static class MailHandler
{
    /// <summary>Answers MAIL.</summary>
    public static Step Handle(SessionState session, ServerPolicy policy, ReadOnlySpan<byte> argument)
    {
        if (session.Listener.Auth == ListenerAuth.Required && session.Account is null && !RelayRight.IsFromTrustedNetwork(session))
            return ReplyCatalogue.AuthRequired;
        if (MailCommand.Read(argument, out var mail) is { } fault)
            return fault;

        // RFC 1870 §6.1: a declared size is refused here, before the client sends it all for nothing.
        if (mail.Size > policy.Limits.MessageSize)
            return ReplyCatalogue.MessageTooBig;

        session.BeginTransaction(mail);
        return ReplyCatalogue.SenderOk;
    }
}
