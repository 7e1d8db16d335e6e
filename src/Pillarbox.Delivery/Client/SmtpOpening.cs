using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Delivery.Client;

/// <summary>What comes ahead of a session's first message: connecting, the greeting, EHLO, STARTTLS and AUTH.</summary>
internal static class SmtpOpening
{
    /// <summary>The reply of a host that takes no mail at all (RFC 7504 §3).</summary>
    private const int TakesNoMail = 521;

    /// <summary>How an opening ended; where no TLS was to be had, maybe since the connection was lost over it, which says nothing of another time.</summary>
    public readonly record struct Outcome(SmtpConnection? Connection, SmtpCapabilities Capabilities, Verdict? Failure, bool TlsFailed = false, bool WasLost = false);

    public static async Task<Outcome> TryAsync(
        SmtpServerAddress server, SmtpClientOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        SmtpConnection connection;
        try
        {
            connection = await SmtpConnection.OpenAsync(
                server.Address, server.Host, options.Timeouts.Connect, time, options.Observer, cancellationToken);
        }
        catch (Exception fault) when (fault is SocketException or ConnectionLostException)
        {
            // 4.4.1: no answer from host (RFC 3463 §3.5).
            return Failed(Verdict.Defer(4, 1, $"cannot connect to {server.Host} ({server.Address}): {fault.Message}", server.Host));
        }

        options.Observer?.Note($"connected to {server.Host} ({server.Address})");
        var outcome = default(Outcome);
        try
        {
            using var abort = cancellationToken.UnsafeRegister(static state => ((SmtpConnection)state!).Abort(), connection);
            outcome = await GreetAsync(connection, options);
        }
        catch (ConnectionLostException lost)
        {
            cancellationToken.ThrowIfCancellationRequested();
            outcome = Failed(Verdict.Defer(4, 2, $"{server.Host} ({server.Address}): {lost.Message} during the session's opening", server.Host));
        }
        catch (FormatException malformed)
        {
            outcome = Failed(Verdict.Defer(5, 0, $"{server.Host} ({server.Address}) does not speak SMTP: {malformed.Message}", server.Host));
        }
        finally
        {
            if (outcome.Connection is null)
                await connection.DisposeAsync();
        }

        return outcome;
    }

    private static async Task<Outcome> GreetAsync(SmtpConnection connection, SmtpClientOptions options)
    {
        if (options.Tls == TlsMode.Implicit && await TryEncryptAsync(connection, options) is { } noTls)
            return noTls;

        var greeting = await connection.ReadReplyAsync(options.Timeouts.Greeting);
        if (!greeting.IsPositive)
            return Refused(greeting, connection);

        var (capabilities, refusal) = await HelloAsync(connection, options);
        if (refusal is not null)
            return Refused(refusal, connection);

        if (options.Tls is TlsMode.Opportunistic or TlsMode.Required)
        {
            var upgrade = await UpgradeAsync(connection, options, capabilities);
            if (upgrade.Connection is null)
                return upgrade;
            capabilities = upgrade.Capabilities;
        }

        var denial = await SmtpLogin.RunAsync(connection, options, capabilities);
        connection.Rest();
        return denial is null ? new Outcome(connection, capabilities, null) : Failed(denial);
    }

    // RFC 5321 §3.2: who gets 5yz for EHLO tries HELO. 421 ends the session, and other 4yz are the server's no for now.
    // LMTP has LHLO alone (RFC 2033 §4.1), and is spoken without BDAT: how many replies a refused chunk has is anybody's guess (decision 0097).
    private static async Task<(SmtpCapabilities Capabilities, RemoteReply? Refusal)> HelloAsync(SmtpConnection connection, SmtpClientOptions options)
    {
        if (options.Lmtp)
        {
            var hello = await AskAsync(connection, $"LHLO {options.HelloName}", options.Timeouts.Command);
            return hello.IsPositive ? (SmtpCapabilities.Parse(hello) with { Chunking = false, BinaryMime = false }, null) : (SmtpCapabilities.None, hello);
        }

        var reply = await AskAsync(connection, $"EHLO {options.HelloName}", options.Timeouts.Command);
        if (reply.IsPositive)
            return (SmtpCapabilities.Parse(reply), null);
        if (reply.IsPermanent && reply.Code != TakesNoMail)
            reply = await AskAsync(connection, $"HELO {options.HelloName}", options.Timeouts.Command);
        return (SmtpCapabilities.None, reply.IsPositive ? null : reply);
    }

    private static async Task<Outcome> UpgradeAsync(SmtpConnection connection, SmtpClientOptions options, SmtpCapabilities capabilities)
    {
        if (capabilities.StartTls)
        {
            var reply = await AskAsync(connection, "STARTTLS", options.Timeouts.Command);
            if (reply.Code == 421)
                return Refused(reply, connection);
            if (reply.IsPositive)
            {
                if (await TryEncryptAsync(connection, options) is { } noTls)
                    return noTls;

                // RFC 3207 §4.2: what was learnt in clear is forgotten.
                var (again, refusal) = await HelloAsync(connection, options);
                return refusal is null ? new Outcome(connection, again, null) : Refused(refusal, connection);
            }

            if (options.Tls == TlsMode.Required)
                return Refused(reply, connection);
        }

        return options.Tls == TlsMode.Required
            ? Failed(Verdict.Defer(7, 4, $"{connection.Host} does not offer STARTTLS, which is required here", connection.Host)) with { TlsFailed = true }
            : new Outcome(connection, capabilities, null);
    }

    private static async Task<Outcome?> TryEncryptAsync(SmtpConnection connection, SmtpClientOptions options)
    {
        // RFC 7435 §3, RFC 3207 §4.1: opportunistic encryption guards against those who listen, with any certificate; were one
        // without a valid certificate refused, the mail would go in clear instead. What the certificate was worth is noted all the same: some mail
        // goes over sessions alone whose other end is known.
        var verify = options.VerifyCertificate && options.Tls is (TlsMode.Required or TlsMode.Implicit);
        var verified = verify;
        bool Any(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            verified = errors == SslPolicyErrors.None;
            return true;
        }

        var tls = new SslClientAuthenticationOptions
        {
            // RFC 6066 §3: a literal address is no server name; the platform leaves one out by itself.
            TargetHost = connection.Host,
            EnabledSslProtocols = SslProtocols.None,
            // Nothing is fetched from the web in the middle of a handshake: that would block the thread, which may serve connections.
            CertificateChainPolicy = ChainPolicy(options),
#pragma warning disable CA5359
            RemoteCertificateValidationCallback = verify ? null : Any,
#pragma warning restore CA5359
        };
        try
        {
            await connection.EncryptAsync(tls, () => verified, options.Timeouts.Handshake);
            return null;
        }
        catch (AuthenticationException fault)
        {
            return TlsFailure(connection, fault.InnerException?.Message ?? fault.Message);
        }
        catch (ConnectionLostException fault)
        {
            return TlsFailure(connection, fault.Message) with { WasLost = true };
        }
    }

    private static X509ChainPolicy ChainPolicy(SmtpClientOptions options)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (!options.Authorities.IsDefaultOrEmpty)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(options.Authorities.ToArray());
        }

        return policy;
    }

    private static async ValueTask<RemoteReply> AskAsync(SmtpConnection connection, string command, TimeSpan timeout)
    {
        await connection.WriteCommandAsync(command);
        connection.Allow(timeout);
        await connection.FlushAsync();
        return await connection.ReadReplyAsync(timeout);
    }

    private static Outcome Failed(Verdict failure) => new(null, SmtpCapabilities.None, failure);

    // 4.7.0 rather than a made-up code: no standard has one for a handshake that failed.
    private static Outcome TlsFailure(SmtpConnection connection, string why) =>
        new(null, SmtpCapabilities.None, Verdict.Defer(7, 0, $"TLS with {connection.Host} failed: {why}", connection.Host), TlsFailed: true);

    // A server that will not talk to us now says nothing about a message or a recipient: whatever its code, another exchanger
    // or another hour may do. But for 521, by which a host says for good that it takes no mail (RFC 7504 §3.1): others of the domain may.
    private static Outcome Refused(RemoteReply reply, SmtpConnection connection)
    {
        var verdict = Verdict.Of(reply, connection.Host);
        if (reply.Code == TakesNoMail)
            return Failed(verdict.Status.Detail == 0 ? verdict with { Status = new EnhancedStatus(5, 3, 2) } : verdict);
        return Failed(verdict.Disposition == Disposition.Deferred
            ? verdict
            : verdict with { Disposition = Disposition.Deferred, Status = new EnhancedStatus(4, verdict.Status.Subject, verdict.Status.Detail) });
    }
}
