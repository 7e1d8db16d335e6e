using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue;

namespace Pillarbox.Server.Handlers;

/// <summary>RCPT: whom a session may send to.</summary>
internal sealed class RecipientHandler(ServerContext server)
{
    /// <summary>Answers RCPT.</summary>
    public ValueTask<Step> HandleAsync(SessionState session, ReadOnlySpan<byte> argument)
    {
        if (RcptCommand.Read(argument, session.SmtpUtf8, out var given) is { } fault)
            return new(fault);

        var policy = server.Policy.Current;
        if (session.RecipientsAccepted >= policy.Limits.Recipients)
            return new(ReplyCatalogue.TooManyRecipients);

        var recipient = given.Address.Domain.IsEmpty ? given with { Address = given.Address.At(PostmasterDomain(server, policy)) } : given;
        if (session.Listener.Role == ListenerRole.Capture)
            return new(Accept(session, recipient));
        if (policy.FindDomain(recipient.Address.Domain) is not { } domain)
            return new(RelayRight.Has(session) ? Accept(session, recipient) : ReplyCatalogue.RelayDenied);
        if (domain.NamesPath && !IsSafePath(recipient.Address))
            return new(ReplyCatalogue.NoSuchUser);

        // RFC 5321 §4.5.1: mail for postmaster is always taken.
        return domain.Recipients == RecipientCheck.Any || recipient.Address.LocalPart.Equals("postmaster", StringComparison.OrdinalIgnoreCase)
            ? new(Accept(session, recipient))
            : CheckAccountAsync(session, recipient);
    }

    private async ValueTask<Step> CheckAccountAsync(SessionState session, Recipient recipient)
    {
        try
        {
            return await server.Accounts.HasRecipientAsync(recipient.Address.UnquotedLocalPart(), recipient.Address.Domain.ToString())
                ? Accept(session, recipient)
                : ReplyCatalogue.NoSuchUser;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            server.Log.RecipientCheckFailed(exception, recipient.Text);
            return ReplyCatalogue.RecipientCheckFailed;
        }
    }

    private static Step Accept(SessionState session, Recipient recipient)
    {
        session.AddRecipient(recipient);
        return ReplyCatalogue.RecipientOk;
    }

    // <postmaster> is this host's own (RFC 5321 §4.1.1.3): at its name, where that is a domain of ours, else at our first domain.
    /// <summary>The domain of a postmaster who is named without one.</summary>
    public static string PostmasterDomain(ServerContext server, ServerPolicy policy) =>
        policy.Domains.IsEmpty || policy.FindDomain(server.Options.Hostname) is not null ? server.Options.Hostname : policy.Domains[0].Name;

    private static bool IsSafePath(Mailbox recipient) =>
        PathSegment.IsSafe(recipient.UnquotedLocalPart()) && PathSegment.IsSafe(recipient.Domain);
}
