using System.Net;
using Pillarbox.Delivery.Client;
using Pillarbox.Delivery.Routing;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>A connection to a site, made when it is first needed and kept for as many messages as come.</summary>
/// <param name="hosts">The hosts to try, in turn; asked anew for each connection.</param>
/// <param name="port">Their port.</param>
/// <param name="options">How sessions are held, by host address.</param>
/// <param name="addresses">Finds hosts' addresses.</param>
/// <param name="named">Whether our own configuration names the hosts: that they cannot be found is then ours to mend, and no message's fault.</param>
/// <param name="site">Whose connection it is.</param>
/// <param name="context">The scheduler.</param>
internal sealed class SmtpCarrier(
    Func<IReadOnlyList<string>> hosts, int port, Func<IPAddress, SmtpClientOptions> options, HostAddresses addresses, bool named, Site site,
    SchedulerContext context) : ICarrier
{
    /// <summary>Addresses tried for one connection, of all hosts together.</summary>
    private const int MaxTries = 8;

    // A session that rested shorter is used without looking: should it be over, that shows at the first reply, and costs nothing.
    private static readonly TimeSpan LongRest = TimeSpan.FromMilliseconds(500);

    // A connection that is never without work still ends, so that changed records, certificates and hosts are noticed. One to a host
    // that was not the first choice ends sooner: the first may be up again (RFC 5321 §5.1 wants it tried first).
    private static readonly TimeSpan LongestUse = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestUseOfNextBest = TimeSpan.FromSeconds(30);

    private SmtpClientSession? _session;
    private TimeSpan _longestUse;
    private long _opened;
    private long _lastUsed;

    public async ValueTask<Verdict[]?> CarryAsync(Shipment shipment, MessageBody body, CancellationToken cancellationToken)
    {
        var message = Outgoing(shipment, body);
        if (_session is { } rested && context.Time.GetElapsedTime(_lastUsed) > LongRest && rested.HasUnexpectedInput)
            await CloseAsync(politely: false);
        if (_session is not null && context.Time.GetElapsedTime(_opened) >= _longestUse)
            await CloseAsync(politely: true);

        if (_session is not null)
        {
            var verdicts = await SendAsync(message, cancellationToken);
            if (verdicts is not null)
                return verdicts;
        }

        if (site.Held() is { } reason)
            return ForAll(shipment, reason with { Text = $"{reason.Text} (found shortly before; not tried again at once)" });

        // A stop gives a message that is on its way the time it needs; one that has no connection yet stays for the next start.
        if (await ConnectAsync(context.DrainingToken) is { } failure)
        {
            if (named && failure.Disposition == Disposition.Failed)
                failure = failure with { Disposition = Disposition.Deferred, Status = failure.Status with { Class = 4 } };
            return site.Unreachable(failure) ? null : ForAll(shipment, failure);
        }

        return await SendAsync(message, cancellationToken);
    }

    public async ValueTask DisposeAsync() => await CloseAsync(politely: true);

    // Null: the session turned out to have ended before; on a new one that is never so.
    private async ValueTask<Verdict[]?> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var session = _session!;
        Verdict[] verdicts;
        try
        {
            verdicts = await session.SendAsync(message, cancellationToken);
        }
        catch
        {
            await CloseAsync(politely: false);
            throw;
        }

        cancellationToken.ThrowIfCancellationRequested();
        _lastUsed = context.Time.GetTimestamp();
        if (session.IsUsable)
        {
            site.Succeeded();
            return verdicts;
        }

        await CloseAsync(politely: false);
        if (session.WasStale)
            return null;
        site.Stumbled();
        return verdicts;
    }

    // RFC 5321 §5.1: the hosts in order, each address of a host, until one takes us. The last failure is the one reported.
    private async ValueTask<Verdict?> ConnectAsync(CancellationToken cancellationToken)
    {
        Verdict? failure = null;
        var tries = 0;
        foreach (var host in hosts())
        {
            var answer = await addresses.FindAsync(host, cancellationToken);
            if (answer.Failure is { } unknown)
                failure = failure is { Disposition: Disposition.Deferred } ? failure : unknown;
            foreach (var address in answer.Addresses)
            {
                var server = new SmtpServerAddress(host, new IPEndPoint(address, port));
                var outcome = await SmtpClientSession.ConnectAsync(server, options(address), context.Time, cancellationToken);
                if (outcome.Session is { } session)
                {
                    _session = session;
                    _opened = context.Time.GetTimestamp();
                    _longestUse = failure is null ? LongestUse : LongestUseOfNextBest;
                    site.Connected(1);
                    DeliveryMetrics.ConnectionOpened(session);
                    return null;
                }

                failure = outcome.Failure;
                if (++tries == MaxTries)
                    return failure;
            }
        }

        return failure;
    }

    private async ValueTask CloseAsync(bool politely)
    {
        if (_session is not { } session)
            return;
        _session = null;
        site.Connected(-1);
        DeliveryMetrics.ConnectionClosed();
        if (politely)
            await session.QuitAsync();
        else
            await session.DisposeAsync();
    }

    private static OutgoingMessage Outgoing(Shipment shipment, MessageBody body)
    {
        var envelope = shipment.Entry.Envelope;
        return new OutgoingMessage(envelope.Sender, shipment.Addressed(), body)
        {
            Prologue = envelope.Prologue,
            Traits = envelope.Traits,
            SmtpUtf8 = envelope.SmtpUtf8,
            Requests = envelope.Requests,
        };
    }

    private static Verdict[] ForAll(Shipment shipment, Verdict verdict)
    {
        var verdicts = new Verdict[shipment.Recipients.Length];
        Array.Fill(verdicts, verdict);
        return verdicts;
    }
}
