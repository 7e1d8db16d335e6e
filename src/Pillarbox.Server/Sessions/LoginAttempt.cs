using System.Text;
using Pillarbox.Protocol.Replies;
using Pillarbox.Protocol.Sasl;
using Pillarbox.Server.Guessing;
using Pillarbox.Server.Handlers;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Server.Sessions;

/// <summary>
/// One login as the guard sees it: whether its secret may be looked at, what comes of it, and how long a wrong one waits for its answer.
/// The wait holds no thread, and the session with it keeps its place among its client's.
/// </summary>
internal sealed class LoginAttempt(ServerContext server, SessionState session, string sessionId, string mechanism)
{
    private string _name = "";
    private Claimant? _who;
    private byte[]? _shown;
    private bool _isVouchedFor;
    private bool _isInside;
    private bool _hasTry;
    private LoginAnswer _answer;
    private GuessFailure _failure;

    /// <summary>Whether nobody may log in from there, so that nothing need be asked.</summary>
    public Reply? RefusalOfAll() => server.Guard.TurnsAway(session.Client) ? Refuse(GuessVerdict.Banned) : null;

    /// <summary>
    /// Somebody says who they are. Where others vouch for them, by a token or a certificate, nobody can guess at the account: that it
    /// is held off does not concern them.
    /// </summary>
    /// <returns>Why nothing more is looked at, or <see langword="null"/>.</returns>
    public Reply? Claim(SaslStep step)
    {
        var name = step.Name;
        if (step.Kind is SaslStepKind.Token or SaslStepKind.Certificate)
        {
            _shown = step.Kind == SaslStepKind.Token ? Encoding.UTF8.GetBytes(step.Token) : "certificate"u8.ToArray();
            (_name, _who) = (name, server.Guard.Identify(session.Client, ""));
            return Refusal();
        }

        _isVouchedFor = _shown is not null && step.Kind == SaslStepKind.Proven;
        if (_who is null || _isVouchedFor || (_shown is null && name != _name))
            (_name, _who, _hasTry) = (name, server.Guard.Identify(session.Client, name), false);
        return Refusal();
    }

    /// <summary>Why the secret is not looked at now, or <see langword="null"/>.</summary>
    public Reply? Refusal()
    {
        if (_who is not { } who || _isVouchedFor)
            return null;
        var verdict = server.Guard.Judge(who);
        if (verdict == GuessVerdict.HeldOff && !_hasTry)
            _hasTry = server.Guard.TakeTry(session.Client, who);
        return verdict == GuessVerdict.Go || (verdict == GuessVerdict.HeldOff && _hasTry) ? null : Refuse(verdict);
    }

    /// <summary>Waits until it is its turn to have a password checked.</summary>
    /// <returns>The reply where too many wait, or <see langword="null"/>.</returns>
    public async ValueTask<Reply?> EnterAsync()
    {
        _isInside = await server.Checks.EnterAsync(_who!.Value.Network, server.Guard.IsKnown(_who.Value));
        if (_isInside)
            return null;
        GiveTryBack();
        server.Metrics.Login("Crowded", mechanism);
        return ReplyCatalogue.AuthCrowded;
    }

    /// <summary>Lets the next one have its turn.</summary>
    public void Leave()
    {
        if (_isInside)
            server.Checks.Leave(_who!.Value.Network);
        _isInside = false;
    }

    /// <summary>Counts what came of it.</summary>
    public void Note(SaslStep step, LoginAnswer answer)
    {
        _answer = answer;
        if (answer.Outcome == LoginOutcome.Verified)
            server.Guard.Succeed(_who!.Value);
        else if (IsToldAsWrong && !IsQuestion)
            _failure = Fail(step);
    }

    /// <summary>The answer, kept back where it is that the secret is wrong.</summary>
    public async ValueTask<Reply> EndAsync()
    {
        if (_answer.Outcome == LoginOutcome.Verified)
        {
            server.Metrics.Login(nameof(LoginOutcome.Verified), mechanism);
            session.LogIn(_answer.Account ?? _name, _answer.Senders);
            return ReplyCatalogue.AuthSucceeded;
        }

        if (IsToldAsWrong && !IsQuestion)
        {
            var ofSession = GuessGuard.Delay(++session.AuthFailures);
            var delay = _failure.Delay > ofSession ? _failure.Delay : ofSession;
            server.Metrics.LoginDelayed(delay);
            await Task.Delay(delay, server.Time);
        }

        return Failed(_answer.Outcome);
    }

    /// <summary>The reply to a login that failed.</summary>
    public Reply Failed(LoginOutcome outcome)
    {
        if (outcome == LoginOutcome.Unavailable)
            GiveTryBack();
        server.Metrics.Login(outcome.ToString(), mechanism);
        return outcome switch
        {
            LoginOutcome.Unavailable => ReplyCatalogue.AuthUnavailable,
            LoginOutcome.MustChangePassword => ReplyCatalogue.AuthPasswordMustChange,
            LoginOutcome.Disabled when TellsDisabled => ReplyCatalogue.AuthDisabled,
            _ => ReplyCatalogue.AuthFailed,
        };
    }

    /// <summary>Whether that is told as if the secret were wrong.</summary>
    public bool Hides(LoginAnswer answer) => answer.Outcome == LoginOutcome.Disabled && !TellsDisabled;

    private bool TellsDisabled => server.Policy.Current.Guessing.TellDisabled;

    // Whoever guesses right at a closed account must not find out by the time it takes, or by what is counted.
    private bool IsToldAsWrong => _answer.Outcome == LoginOutcome.Refused || Hides(_answer);

    // RFC 7628 §4.3: without a token a client asks what it would need, and guesses at nothing.
    private bool IsQuestion => _shown is { Length: 0 };

    private GuessFailure Fail(SaslStep step)
    {
        var failure = server.Guard.Fail(_who!.Value, _shown ?? Encoding.UTF8.GetBytes(step.Password));
        var name = Authentication.Printable(_name);
        server.Log.LoginRefused(sessionId, name, session.ClientText, mechanism, _answer.Outcome == LoginOutcome.Disabled ? "the account is closed" : "no such name, or another secret");
        if (failure.NetworkBan > TimeSpan.Zero)
        {
            server.Metrics.BanBegun("network");
            server.Log.NetworkBanned(ClientNetwork.Describe(session.Client), failure.NetworkBan.TotalSeconds, name);
        }

        if (failure.AccountBan > TimeSpan.Zero)
        {
            server.Metrics.BanBegun("strangers");
            server.Log.StrangersHeldOff(name, failure.AccountBan.TotalSeconds, ClientNetwork.Describe(session.Client));
        }

        return failure;
    }

    private void GiveTryBack()
    {
        if (_hasTry)
            server.Guard.GiveTryBack(_who!.Value);
        _hasTry = false;
    }

    private Reply Refuse(GuessVerdict verdict)
    {
        server.Metrics.Login(verdict.ToString(), mechanism);
        return verdict == GuessVerdict.Banned ? ReplyCatalogue.AuthBanned : ReplyCatalogue.AuthHeldOff;
    }
}
