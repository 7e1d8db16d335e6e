using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Server.Handlers;

/// <summary>Turns a command into a reply: asks the table whether it may come here, then whoever is in charge of it.</summary>
internal sealed class CommandHandler(ServerContext server)
{
    private readonly HelloHandler _hello = new(server);
    private readonly MailHandler _mail = new(server);
    private readonly RecipientHandler _recipients = new(server);
    private readonly VerifyHandler _verify = new(server);
    private readonly XclientHandler _xclient = new(server);
    private readonly EtrnHandler _etrn = new(server);

    /// <summary>Handles a command other than AUTH and BDAT, which are exchanges of their own.</summary>
    /// <param name="session">The session's state.</param>
    /// <param name="command">The command; its bytes are not looked at after the return.</param>
    public ValueTask<Step> HandleAsync(SessionState session, CommandLine command)
    {
        if (IsChatter(command.Verb, session) && session.CountChatter() > server.Policy.Current.Limits.Chatter)
            session.Errors++;
        if (CommandTable.Refusal(command.Verb, session.Phase) is { } refusal)
            return new(InItsWords(session, refusal));

        return command.Verb switch
        {
            Verb.Ehlo or Verb.Helo or Verb.Lhlo => new(Hello(session, command)),
            Verb.Mail => _mail.HandleAsync(session, command.Argument),
            Verb.Rcpt => _recipients.HandleAsync(session, command.Argument),
            Verb.Data => new(Data(session, command.Argument)),
            Verb.Rset => new(Reset(session, command.Argument)),
            Verb.Noop => new(ReplyCatalogue.NoopOk),
            Verb.Vrfy => _verify.VerifyAsync(session, command.Argument),
            Verb.Expn => new(_verify.Expand(session, command.Argument)),
            Verb.Etrn => _etrn.HandleAsync(session, command.Argument),
            Verb.Xclient => new(_xclient.Handle(session, command.Argument)),
            Verb.Help => HelpHandler.HandleAsync(command.Argument),
            Verb.Quit => new(Quit(command.Argument)),
            Verb.StartTls => new(_hello.StartTls(session, command.Argument)),
            _ => new(ReplyCatalogue.UnknownCommand),
        };
    }

    // What an honest client says now and then, and a flood is made of. RSET that ends a transaction is a part of it.
    private static bool IsChatter(Verb verb, SessionState session) => verb switch
    {
        Verb.Noop or Verb.Vrfy or Verb.Expn or Verb.Help or Verb.Ehlo or Verb.Helo or Verb.Lhlo or Verb.Etrn or Verb.Xclient => true,
        Verb.Rset => !session.InTransaction,
        _ => false,
    };

    // RFC 2033 §4.1: whoever greets as on SMTP would not expect a reply for each recipient, and the other way round.
    private Step Hello(SessionState session, CommandLine command) => (session.Listener.Role == ListenerRole.Lmtp, command.Verb == Verb.Lhlo) switch
    {
        (true, false) => ReplyCatalogue.LhloNeeded,
        (false, true) => ReplyCatalogue.UnknownCommand,
        _ => _hello.Handle(session, command.Argument, extended: command.Verb != Verb.Helo),
    };

    private static Reply InItsWords(SessionState session, Reply refusal) =>
        refusal == ReplyCatalogue.HelloFirst && session.Listener.Role == ListenerRole.Lmtp ? ReplyCatalogue.LhloFirst : refusal;

    private static Step Data(SessionState session, ReadOnlySpan<byte> argument)
    {
        if (!argument.IsEmpty)
            return ReplyCatalogue.NoArgumentAllowed;

        // RFC 3030 §3: what has no lines has no line with a dot at its end.
        return session.Body == BodyType.BinaryMime ? ReplyCatalogue.BinaryNeedsChunks : new Step(ReplyCatalogue.StartMailInput, After.ReceiveMessage);
    }

    private static Step Reset(SessionState session, ReadOnlySpan<byte> argument)
    {
        if (!argument.IsEmpty)
            return ReplyCatalogue.NoArgumentAllowed;
        session.EndTransaction();
        return ReplyCatalogue.ResetOk;
    }

    private static Step Quit(ReadOnlySpan<byte> argument) =>
        argument.IsEmpty ? new Step(ReplyCatalogue.Goodbye, After.Close) : ReplyCatalogue.NoArgumentAllowed;
}
