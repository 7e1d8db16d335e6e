using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Pillarbox.Protocol.Replies;
using Pillarbox.Protocol.Sasl;
using Pillarbox.Server.Handlers;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Server.Sessions;

/// <summary>AUTH (RFC 4954): an exchange of challenges and responses, then a verdict.</summary>
internal sealed class Authentication(ServerContext server, Wire wire, string sessionId)
{
    /// <summary>Octets of a line in the exchange (RFC 4954 §4), CRLF included.</summary>
    public const int MaxLine = 12288;

    /// <summary>Why AUTH cannot be used now, or <see langword="null"/>.</summary>
    public static Reply? Refusal(SessionState session) =>
        session.Account is not null ? ReplyCatalogue.AlreadyAuthenticated
        : session.Listener.Auth == ListenerAuth.None ? ReplyCatalogue.CommandNotImplemented
        : !HelloHandler.MayAuthenticate(session) ? ReplyCatalogue.AuthNeedsTls
        : null;

    /// <summary>Takes AUTH's argument apart: the mechanism, and what it begins with.</summary>
    /// <returns>The fault, or <see langword="null"/> where there is an exchange to run.</returns>
    public Reply? Begin(SessionState session, ReadOnlySpan<byte> argument, out SaslExchange? exchange, out SaslStep step)
    {
        step = default;
        exchange = null;
        if (argument.IsEmpty)
            return ReplyCatalogue.ArgumentNeeded;

        var space = argument.IndexOf((byte)' ');
        exchange = SaslExchange.Create(space < 0 ? argument : argument[..space], Context(session));
        if (exchange is null || !HelloHandler.Mechanisms(server, session).Contains(exchange.Mechanism))
            return ReplyCatalogue.UnknownMechanism;

        if (space < 0)
        {
            step = exchange.Begin();
            return null;
        }

        // "=" stands for an initial response that is there and empty (RFC 4954 §4).
        var initial = argument[(space + 1)..].TrimStart((byte)' ');
        return Respond(exchange, initial.SequenceEqual("="u8) ? default : initial, out step);
    }

    /// <summary>Runs an exchange to its end.</summary>
    /// <returns>The verdict; <see langword="null"/> when the client went away.</returns>
    public async ValueTask<Reply?> RunAsync(SessionState session, SaslExchange exchange, SaslStep step)
    {
        var attempt = new LoginAttempt(server, session, sessionId, exchange.Mechanism);
        if (attempt.RefusalOfAll() is { } unwanted)
            return unwanted;
        var proved = new LoginAnswer(LoginOutcome.Refused);
        while (step.Kind is SaslStepKind.Challenge or SaslStepKind.Credential or SaslStepKind.Token or SaslStepKind.Certificate)
        {
            if (step.Kind is SaslStepKind.Token or SaslStepKind.Certificate)
            {
                if (attempt.Claim(step) is { } banned)
                    return banned;
                (proved, step) = await VouchedAsync(session, exchange, step);
                continue;
            }

            if (step.Kind == SaslStepKind.Credential)
            {
                if (attempt.Claim(step) is { } early)
                    return early;
                var found = await FindAsync(step.Name, exchange.Mechanism);
                if (found.Credential is not { } credential)
                    return attempt.Failed(LoginOutcome.Unavailable);
                proved = found.Login;

                // SCRAM shows who is right that they are, ahead of any reply: of a closed account nobody is.
                step = exchange.Supply(credential is ScramCredential scram && attempt.Hides(proved) ? scram with { IsForNobody = true } : credential);
                continue;
            }

            var (answered, refusal) = await AskAsync(exchange, step, attempt);
            if (refusal is not null || answered is null)
                return refusal;
            step = answered.Value;
        }

        return step.Kind == SaslStepKind.Malformed ? ReplyCatalogue.AuthMalformed : await ConcludeAsync(session, step, proved, attempt);
    }

    private async ValueTask<(LoginAnswer Answer, SaslStep Step)> VouchedAsync(SessionState session, SaslExchange exchange, SaslStep step)
    {
        try
        {
            var logins = new VouchedLogins(server, sessionId);
            return await (step.Kind == SaslStepKind.Token ? logins.ByTokenAsync(exchange, step) : logins.ByCertificateAsync(session, step));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            server.Log.LoginFault(exception, Printable(step.Name));
            return (new LoginAnswer(LoginOutcome.Unavailable), SaslStep.Proved("", step.Name));
        }
    }

    // Asks for more. No step and no refusal: the client went away.
    private async ValueTask<(SaslStep? Step, Reply? Refusal)> AskAsync(SaslExchange exchange, SaslStep step, LoginAttempt attempt)
    {
        wire.Write(ReplyCatalogue.Challenge(step.Challenge));
        ReadOnlySequence<byte> line;
        LineFault fault;
        while (!wire.TryTakeLine(MaxLine - 2, out line, out fault))
        {
            if (!await wire.MoreAsync())
                return (null, null);
        }

        if (fault != LineFault.None)
            return (null, fault is LineFault.TooLong or LineFault.BdatTooLong ? ReplyCatalogue.AuthLineTooLong : ReplyCatalogue.BareNewlineInCommand);
        wire.Note("****"u8);

        // The exchange itself may judge the proof that comes now: others from there may have been wrong meanwhile.
        if (attempt.Refusal() is { } late)
            return (null, late);
        return Answer(exchange, line, out var next) is { } refusal ? (null, refusal) : (next, null);
    }

    private static Reply? Answer(SaslExchange exchange, ReadOnlySequence<byte> line, out SaslStep step)
    {
        step = default;
        var response = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        if (response.SequenceEqual("*"u8))
            return ReplyCatalogue.AuthCancelled;

        // "=" is for initial responses alone (RFC 4954 §4), but it is by what curl says the empty one of EXTERNAL after a challenge too.
        return Respond(exchange, exchange.Mechanism == "EXTERNAL" && response.SequenceEqual("="u8) ? default : response, out step);
    }

    private static Reply? Respond(SaslExchange exchange, ReadOnlySpan<byte> base64, out SaslStep step)
    {
        step = default;
        var decoded = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(base64.Length));
        try
        {
            // The framework's decoder passes over white space, RFC 4648 §3.3 does not.
            if (base64.ContainsAnyInRange((byte)0, (byte)' ')
                || Base64.DecodeFromUtf8(base64, decoded, out _, out var length) != OperationStatus.Done)
                return ReplyCatalogue.AuthBadBase64;
            step = exchange.Respond(decoded.AsSpan(0, length));
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(decoded, clearArray: true);
        }
    }

    private async ValueTask<Reply> ConcludeAsync(SessionState session, SaslStep step, LoginAnswer proved, LoginAttempt attempt)
    {
        if (attempt.Claim(step) is { } refusal)
            return refusal;
        if (step.Kind == SaslStepKind.Password && await attempt.EnterAsync() is { } crowded)
            return crowded;
        try
        {
            if (attempt.Refusal() is { } late)
                return late;
            attempt.Note(step, await VerifyAsync(session, step, proved));
        }
        finally
        {
            // By now it is counted: the next one from there is judged with it.
            attempt.Leave();
        }

        return await attempt.EndAsync();
    }

    private async ValueTask<LoginAnswer> VerifyAsync(SessionState session, SaslStep step, LoginAnswer proved)
    {
        try
        {
            var answer = step.Kind switch
            {
                SaslStepKind.Password => await server.Accounts.VerifyPasswordAsync(step.Name, step.Password, ClientOf(session)),
                SaslStepKind.Proven => proved,
                _ => new LoginAnswer(LoginOutcome.Refused),
            };

            // RFC 4616 §2: acting on behalf of another is a right of its own. Repeating one's own name is none, though the source may have another for it.
            return step.AuthorizationId.Length > 0 && answer.Outcome != LoginOutcome.Unavailable
                && !SaslPrep.AreSameName(step.Name, step.AuthorizationId) && !server.Accounts.MayActAs(answer.Account ?? step.Name, step.AuthorizationId)
                ? new LoginAnswer(LoginOutcome.Refused)
                : answer;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            server.Log.LoginFault(exception, Printable(step.Name));
            return new LoginAnswer(LoginOutcome.Unavailable);
        }
    }

    private static LoginClient ClientOf(SessionState session) =>
        new(session.Client.Equals(IPAddress.None) ? null : session.Client, session.Tls is not null);

    private async ValueTask<CredentialAnswer> FindAsync(string name, string mechanism)
    {
        try
        {
            return await server.Accounts.FindCredentialAsync(name, mechanism);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            server.Log.LoginFault(exception, Printable(name));
            return new CredentialAnswer(null, new LoginAnswer(LoginOutcome.Unavailable));
        }
    }

    private SaslContext Context(SessionState session) => new()
    {
        Nonce = () => RandomNumberGenerator.GetHexString(32, lowercase: true),
        Hostname = server.Options.Hostname,
        ServerEndPoint = session.ServerEndPoint,
        OffersChannelBinding = HelloHandler.Mechanisms(server, session).Any(mechanism => mechanism.EndsWith("-PLUS", StringComparison.Ordinal)),
    };

    internal static string Printable(string name) =>
        string.Concat(name.EnumerateRunes().Take(80).Select(rune => Rune.IsControl(rune) ? "?" : rune.ToString()));
}
