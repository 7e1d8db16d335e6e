using Pillarbox.Protocol.Sasl;
using Pillarbox.Server.Handlers;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Tokens;

namespace Pillarbox.Server.Sessions;

/// <summary>
/// Logins for which others vouch: a provider for a token, an authority for a certificate. Whom they name must be an account of the source, so that
/// what holds of the account holds of them.
/// </summary>
internal sealed class VouchedLogins(ServerContext server, string sessionId)
{
    /// <summary>Checks a token.</summary>
    /// <returns>What the login comes to, and the exchange's next step.</returns>
    public async ValueTask<(LoginAnswer Answer, SaslStep Step)> ByTokenAsync(SaslExchange exchange, SaslStep step)
    {
        var tokens = server.Tokens!;
        var token = await tokens.VerifyAsync(step.Token, step.Name);
        if (token.Outcome == TokenOutcome.Unavailable)
            return (new LoginAnswer(LoginOutcome.Unavailable), SaslStep.Proved("", step.Name));

        var cause = token.Cause;
        if (token.Outcome == TokenOutcome.Verified)
        {
            var answer = await server.Accounts.FindAccountAsync(token.Name);
            if (answer.Outcome != LoginOutcome.Refused)
                return (answer, SaslStep.Proved("", token.Name));
            cause = $"{Authentication.Printable(token.Name)} is no account";
        }

        server.Log.TokenRefused(sessionId, Authentication.Printable(step.Name.Length > 0 ? step.Name : "nobody named"), cause);
        return (new LoginAnswer(LoginOutcome.Refused), exchange.Reject(new TokenRefusal(token.Outcome == TokenOutcome.LacksScope, tokens.Scope, tokens.Configuration)));
    }

    /// <summary>Finds the account of a certificate: of the addresses in it the one that is asked for, else the first that is an account, and not closed if there is such a one.</summary>
    /// <returns>What the login comes to, and the exchange's next step.</returns>
    public async ValueTask<(LoginAnswer Answer, SaslStep Step)> ByCertificateAsync(SessionState session, SaslStep step)
    {
        var addresses = session.Certificate!.Addresses;
        var asked = addresses.Where(address => address.Equals(step.AuthorizationId, StringComparison.OrdinalIgnoreCase)).ToList();
        (LoginAnswer Answer, SaslStep Step)? closed = null;
        foreach (var address in asked.Count > 0 ? asked : [.. addresses])
        {
            var answer = await server.Accounts.FindAccountAsync(address);
            if (answer.Outcome == LoginOutcome.Refused)
                continue;
            var login = (answer, SaslStep.Proved(step.AuthorizationId, address));

            // One of which nothing can be said now may be the account: to go on would be to let its client in as another for as long.
            if (answer.Outcome != LoginOutcome.Disabled)
                return login;
            closed ??= login;
        }

        return closed ?? (new LoginAnswer(LoginOutcome.Refused), SaslStep.Refuse(addresses[0]));
    }
}
