using System.Globalization;
using Microsoft.Extensions.Logging;
using Pillarbox.Delivery.Bounces;
using Pillarbox.Queue;
using Pillarbox.Reference;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>
/// Makes outcomes durable. A worker goes on while its outcome is on the way to the disk, so that many share a sync; how many may be
/// under way is bounded, and a store that does not take them stops deliveries instead of losing count of them.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to give back.")]
internal sealed partial class OutcomeRecorder(SchedulerContext context, RetryPolicy policy, Reporter reporter)
{
    private const int MaxUnrecorded = 1024;

    private readonly SemaphoreSlim _room = new(MaxUnrecorded);

    /// <summary>How many outcomes are not recorded yet.</summary>
    public int Unrecorded => MaxUnrecorded - _room.CurrentCount;

    /// <summary>Takes a shipment's verdicts over; waits only where too many are under way.</summary>
    public async ValueTask RecordAsync(Shipment shipment, Site site, Verdict[] verdicts, TimeSpan duration)
    {
        DeliveryMetrics.Took(duration);
        await _room.WaitAsync(context.Stopping);
        _ = FinishAsync(shipment, site, verdicts, duration);
    }

    /// <summary>Waits until all is recorded.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        for (var taken = 0; taken < MaxUnrecorded; taken++)
            await _room.WaitAsync(cancellationToken);
    }

    private async Task FinishAsync(Shipment shipment, Site site, Verdict[] verdicts, TimeSpan duration)
    {
        try
        {
            var judgements = Judge(shipment, site, verdicts, duration);
            var report = await ReportAsync(shipment, judgements);
            var changes = Array.ConvertAll(judgements, each => new RecipientChange(each.Recipient, each.Next));
            await KeepAsync(shipment.Envelope.Id, changes, report);
            Settle(shipment, changes, report);
        }
        catch (OperationCanceledException) when (context.Stopping.IsCancellationRequested)
        {
            // The store says what it said before: the next start tries again.
        }
        catch (Exception fault)
        {
            // The recipients stay claimed, so nothing is sent twice; the store has them, so nothing is lost.
            LogFault(context.Log, shipment.Envelope.Id, fault);
        }
        finally
        {
            _room.Release();
        }
    }

    private Judgement[] Judge(Shipment shipment, Site site, Verdict[] verdicts, TimeSpan duration)
    {
        var now = context.Time.GetUtcNow();
        var envelope = shipment.Envelope;
        var judgements = new Judgement[verdicts.Length];
        for (var i = 0; i < verdicts.Length; i++)
        {
            var recipient = shipment.Recipients[i];
            var status = shipment.Entry.Status(recipient) ?? RecipientStatus.Fresh;
            var verdict = verdicts[i];
            if (verdict.Disposition == Disposition.Deferred && Deadline.IsOver(envelope, now))
                verdict = Deadline.Missed(envelope, RetryPolicy.Describe(verdict));
            var (consequence, next) = GoesAgainAtOnce(verdict, verdicts)
                ? (Consequence.Retry, status with { State = RecipientState.Deferred, Next = now, LastReply = RetryPolicy.Describe(verdict) })
                : policy.Judge(envelope, recipient, status, verdict, now);
            judgements[i] = new Judgement(recipient, verdict, consequence, next, Reporter.ToldOf(envelope, recipient, consequence, verdict));
            DeliveryMetrics.Attempt(verdict.Disposition, 1);
            Log(shipment, judgements[i], site, status.Attempts + 1, duration);
        }

        return judgements;
    }

    // RFC 5321 §4.5.3.1.10: 452 (or, from older servers, 552) for a recipient says that the transaction had enough of them. Where it
    // took others, the rest goes in another transaction at once; each such turn delivers to somebody, so they come to an end. So do those that
    // the server's limits kept back (RFC 9422): each turn delivers to somebody or has somebody refused.
    private static bool GoesAgainAtOnce(Verdict verdict, Verdict[] all) =>
        verdict.Untried || verdict.Reply is { Code: 452 or 552, Status: { IsNone: true } or { Subject: 5, Detail: 3 } }
            && Array.Exists(all, each => each.Disposition == Disposition.Delivered);

    private void Log(Shipment shipment, Judgement judgement, Site site, int attempt, TimeSpan duration)
    {
        if (!context.Log.IsEnabled(LogLevel.Information))
            return;
        var envelope = shipment.Envelope;
        var verdict = judgement.Verdict;
        var delivered = verdict.Disposition == Disposition.Delivered;
        LogAttempt(
            context.Log,
            envelope.Id,
            envelope.Recipients[judgement.Recipient].Text,
            Outcome(verdict.Disposition),
            site.Name,
            OrDash(verdict.Host),
            OrDash(verdict.Status.IsNone ? "" : verdict.Status.ToString()),
            delivered ? "-" : Reason(verdict),
            Then(judgement),
            attempt,
            OrDash(judgement.Next?.Next.ToString("O", CultureInfo.InvariantCulture)),
            duration.TotalMilliseconds,
            OrDash(RetryPolicy.OneLine(verdict.Text)));
    }

    private static string OrDash(string? text) => string.IsNullOrEmpty(text) ? "-" : text;

    private static string Outcome(Disposition disposition) => disposition switch
    {
        Disposition.Delivered => "delivered",
        Disposition.Deferred => "deferred",
        _ => "failed",
    };

    private static string Then(Judgement judgement) => (judgement.Consequence, judgement.Told) switch
    {
        (Consequence.Retry, _) => "retry",
        (Consequence.RetryAndWarn, _) => "retry+warn",
        (Consequence.Bounce or Consequence.Expire, null) => "drop",
        (Consequence.Bounce, _) => "bounce",
        (Consequence.Expire, _) => "expire",
        (_, not null) => "report",
        _ => "-",
    };

    // What the reference makes of the reply, in one word.
    private static string Reason(Verdict verdict) =>
        Explainer.ExplainReply(verdict.Reply?.Code, verdict.Status.ToString(), verdict.Reply?.Text ?? "", verdict.Host ?? "")?.Reason.ToName() ?? "unknown";

    private async ValueTask<Report?> ReportAsync(Shipment shipment, Judgement[] judgements)
    {
        try
        {
            return await reporter.WriteAsync(shipment, judgements);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogReportFault(context.Log, shipment.Envelope.Id, fault);
            for (var i = 0; i < judgements.Length; i++)
            {
                // What was delivered is not delivered again for a report's sake.
                if (judgements[i] is { Told: null } or { Consequence: Consequence.Done })
                    continue;
                var status = shipment.Entry.Status(judgements[i].Recipient) ?? RecipientStatus.Fresh;
                var again = policy.Again(status, judgements[i].Verdict.ToString(), context.Time.GetUtcNow());
                judgements[i] = judgements[i] with { Consequence = Consequence.Retry, Next = again };
            }

            return null;
        }
    }

    private async ValueTask KeepAsync(QueueId id, RecipientChange[] changes, Report? report)
    {
        while (true)
        {
            try
            {
                await context.Store.RecordAsync(id, changes, report, context.Stopping);
                return;
            }
            catch (Exception fault) when (fault is not OperationCanceledException && !(fault is QueueStoppedException && context.Draining))
            {
                // What was delivered is not delivered again for it: only the recording is tried again.
                LogStoreFault(context.Log, id, fault);
                DeliveryMetrics.StoreFault();
                await Task.Delay(context.StorePatience, context.Time, context.Stopping);
            }
        }
    }

    private void Settle(Shipment shipment, RecipientChange[] changes, Report? report)
    {
        shipment.Entry.Update(changes);
        context.Active.Release(shipment);
        var priority = shipment.Envelope.Requests.Priority;
        foreach (var group in changes.Where(change => change.Status is not null).GroupBy(change => change.Status!.Next))
        {
            var recipients = group.Select(change => change.Recipient).ToArray();
            context.Due.Add(new Parked(shipment.Envelope.Id, recipients is [0] ? Parked.Single : recipients, shipment.Destination, priority), group.Key);
        }

        // Read back from the store, where it is only if the message was not deleted meanwhile.
        if (report is not null)
        {
            var readers = report.Envelope.Recipients.Length == 1 ? Parked.Single : [.. Enumerable.Range(0, report.Envelope.Recipients.Length)];
            foreach (var (destination, recipients) in context.Destinations.Group(report.Envelope, readers, context.Routing.Current))
                destination.Admit(new Parked(report.Envelope.Id, recipients, destination, report.Envelope.Requests.Priority));
        }
    }

    [LoggerMessage(
        EventId = 10,
        Level = LogLevel.Information,
        Message = "delivery {Id}: to={Recipient} outcome={Outcome} via={Destination} remote={Remote} status={Status} means={Reason} then={Consequence} attempt={Attempt} next={Next} ms={Milliseconds:F1} reply={Reply}")]
    private static partial void LogAttempt(
        ILogger log, QueueId id, string recipient, string outcome, string destination, string remote, string status, string reason, string consequence, int attempt,
        string next, double milliseconds, string reply);

    [LoggerMessage(EventId = 11, Level = LogLevel.Error, Message = "The outcome of {Id} cannot be recorded; the recording is tried again")]
    private static partial void LogStoreFault(ILogger log, QueueId id, Exception fault);

    [LoggerMessage(EventId = 12, Level = LogLevel.Error, Message = "No report on {Id} could be written; recipients that failed are tried again")]
    private static partial void LogReportFault(ILogger log, QueueId id, Exception fault);

    [LoggerMessage(EventId = 13, Level = LogLevel.Critical, Message = "The outcome of {Id} was not recorded; the message stays in the store for the next start")]
    private static partial void LogFault(ILogger log, QueueId id, Exception fault);
}

/// <summary>What becomes of a recipient after an attempt.</summary>
/// <param name="Recipient">Its index.</param>
/// <param name="Verdict">How the attempt ended.</param>
/// <param name="Consequence">What follows.</param>
/// <param name="Next">Its new standing, or <see langword="null"/> when it is done.</param>
/// <param name="Told">What the sender hears of it, or <see langword="null"/>.</param>
internal readonly record struct Judgement(int Recipient, Verdict Verdict, Consequence Consequence, RecipientStatus? Next, ReportAction? Told);
