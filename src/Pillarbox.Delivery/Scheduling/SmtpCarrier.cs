using Pillarbox.Delivery.Client;
using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>A connection to a site, made when it is first needed and kept for as many messages as come.</summary>
/// <param name="connector">Makes it.</param>
/// <param name="named">Whether our own configuration names the hosts: that they cannot be found is then ours to mend, and no message's fault.</param>
/// <param name="site">Whose connection it is.</param>
/// <param name="context">The scheduler.</param>
internal sealed class SmtpCarrier(SmtpConnector connector, bool named, Site site, SchedulerContext context) : ICarrier
{
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
        if (connector.Refusal(message) is { } refusal)
            return ForAll(shipment, refusal);
        if (_session is { } rested && context.Time.GetElapsedTime(_lastUsed) > LongRest && rested.HasUnexpectedInput)
            await CloseAsync(politely: false);
        if (_session is { } session && (context.Time.GetElapsedTime(_opened) >= _longestUse || !session.Takes(message) || session.Unfit(message) is not null))
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
        if (await ConnectAsync(message, context.DrainingToken) is { } failure)
            return Unreachable(shipment, failure);

        return await SendAsync(message, cancellationToken);
    }

    public async ValueTask DisposeAsync() => await CloseAsync(politely: true);

    private Verdict[]? Unreachable(Shipment shipment, SmtpConnector.Failure failure)
    {
        var verdict = failure.Verdict;
        if (named && !failure.OfMessage && verdict.Disposition == Disposition.Failed)
            verdict = verdict with { Disposition = Disposition.Deferred, Status = verdict.Status with { Class = 4 } };
        return !failure.IsAlone && site.Unreachable(verdict) ? null : ForAll(shipment, verdict);
    }

    // Null: the session turned out to have ended before; on a new one that is never so.
    private async ValueTask<Verdict[]?> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var session = _session!;
        Verdict[] verdicts;
        try
        {
            verdicts = await session.SendAsync(Timed(message), cancellationToken);
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

    private async ValueTask<SmtpConnector.Failure?> ConnectAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var (session, isFirstChoice, failure) = await connector.ConnectAsync(message, cancellationToken);
        if (session is null)
            return failure;
        _session = session;
        _opened = context.Time.GetTimestamp();
        _longestUse = isFirstChoice ? LongestUse : LongestUseOfNextBest;
        site.Connected(1);
        DeliveryMetrics.ConnectionOpened(session);
        return null;
    }

    // What is left of the time is told at the moment of telling: a connection may have taken minutes to make.
    private OutgoingMessage Timed(OutgoingMessage message) => message.Requests.DeliverBy is { } by
        ? message with { DeliverBy = new DeliverByParameter(by.Deadline - context.Time.GetUtcNow(), by.Mode, by.Trace) }
        : message;

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
        var envelope = shipment.Envelope;
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
