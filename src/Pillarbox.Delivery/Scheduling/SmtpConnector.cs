using System.Net;
using Pillarbox.Delivery.Client;
using Pillarbox.Delivery.Routing;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>Makes a session with one of a site's hosts: the hosts in order, each address of a host, until one takes us (RFC 5321 §5.1).</summary>
/// <param name="hosts">The hosts to try, in turn; asked anew for each connection.</param>
/// <param name="port">Their port.</param>
/// <param name="options">How sessions are held, by host address.</param>
/// <param name="addresses">Finds hosts' addresses.</param>
/// <param name="isSure">Whether it is sure that these are the hosts; see <see cref="MailHosts.IsSure"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class SmtpConnector(
    Func<IReadOnlyList<string>> hosts, int port, Func<IPAddress, SmtpClientOptions> options, HostAddresses addresses, bool isSure, TimeProvider time)
{
    /// <summary>Addresses tried for one connection, of all hosts together.</summary>
    private const int MaxTries = 8;

    /// <summary>Why there is no session.</summary>
    /// <param name="Verdict">The last failure, but one that may pass ahead of one for good.</param>
    /// <param name="OfMessage">Whether that lies in what the message asks for.</param>
    /// <param name="IsAlone">Whether it says nothing of the site, since another message may get a session where this one got none.</param>
    public readonly record struct Failure(Verdict Verdict, bool OfMessage, bool IsAlone);

    /// <summary>What keeps a message under REQUIRETLS from every session with these hosts, one that is open among them (RFC 8689 §4.2.1); or <see langword="null"/>.</summary>
    public Verdict? Refusal(OutgoingMessage message) => message.Requests.RequireTls && !isSure
        ? Verdict.Fail(7, 10, "the DNS does not vouch for the recipient's mail exchangers (DNSSEC), so that none of them is known to be the right one, which the sender requires (REQUIRETLS)")
        : null;

    /// <summary>Connects for a message that is not refused.</summary>
    /// <returns>A session that the message may go over, and whether it is with the first choice; or why there is none.</returns>
    public async ValueTask<(SmtpClientSession? Session, bool IsFirstChoice, Failure? Failure)> ConnectAsync(
        OutgoingMessage message, CancellationToken cancellationToken)
    {
        Failure? failure = null;
        var tries = 0;
        foreach (var host in hosts())
        {
            var answer = await addresses.FindAsync(host, cancellationToken);
            if (answer.Failure is { } unknown)
                failure = Graver(failure, new Failure(unknown, OfMessage: false, IsAlone: false));
            foreach (var address in answer.Addresses)
            {
                var (session, refusal) = await TryAsync(message, new SmtpServerAddress(host, new IPEndPoint(address, port)), cancellationToken);
                if (session is not null)
                    return (session, failure is null, null);
                failure = Graver(failure, refusal!.Value);
                if (++tries == MaxTries)
                    return (null, false, Later(failure.Value));
            }
        }

        return (null, false, failure);
    }

    private async ValueTask<(SmtpClientSession? Session, Failure? Failure)> TryAsync(
        OutgoingMessage message, SmtpServerAddress server, CancellationToken cancellationToken)
    {
        var how = options(server.Address.Address);
        var isProtected = message.Requests.RequireTls && !(how.Lmtp && IPAddress.IsLoopback(server.Address.Address));
        var site = how;
        if (isProtected)
            how = how with { Tls = how.Tls == TlsMode.Implicit ? TlsMode.Implicit : TlsMode.Required, VerifyCertificate = true };
        var outcome = await SmtpClientSession.ConnectAsync(server, how, time, cancellationToken);
        if (outcome.Session is { } session)
        {
            if (session.Unfit(message) is not { } unfit)
                return (session, null);
            await session.QuitAsync();
            return (null, new Failure(unfit, OfMessage: true, IsAlone: true));
        }

        // RFC 8689 §4.2.1: TLS that cannot be had is for the sender to hear at once, in place of days later.
        return isProtected && outcome.NoTls
            ? (null, Unprotected($"{outcome.Failure!.Text}; the sender requires it (REQUIRETLS)", server.Host))
            : (null, new Failure(outcome.Failure!, OfMessage: false, IsAlone: how != site));
    }

    private static Failure Unprotected(string why, string host) => new(Verdict.Fail(7, 10, why, host), OfMessage: true, IsAlone: true);

    // A host that may be there tomorrow keeps the message from going back for what another said today. Where one of them refused
    // this message alone, others of the site may have a session with it.
    private static Failure Graver(Failure? before, Failure now)
    {
        if (before is not { } first)
            return now;
        var grave = first.Verdict.Disposition == Disposition.Deferred && now.Verdict.Disposition == Disposition.Failed ? first : now;
        return grave with { IsAlone = first.IsAlone || now.IsAlone };
    }

    // Hosts are left that were not asked: another time they may come first.
    private static Failure Later(Failure failure) => failure.Verdict.Disposition == Disposition.Deferred
        ? failure
        : failure with { Verdict = failure.Verdict with { Disposition = Disposition.Deferred, Status = failure.Verdict.Status with { Class = 4 } } };
}
