using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Pillarbox.Delivery.Bounces;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>Has a report written on what became of a shipment, where the sender must hear of it.</summary>
internal sealed partial class Reporter(SchedulerContext context)
{
    private readonly ReportWriter _writer = new(context.Options.Hostname, context.Options.Expire, context.Options.ReturnedMessage, context.Options.Language);

    /// <summary>
    /// The report, or <see langword="null"/>. Of an outcome with failures and delays the failures are reported, and the delays when they
    /// are found next: one message, one report.
    /// </summary>
    public async ValueTask<Report?> WriteAsync(Shipment shipment, Judgement[] judgements)
    {
        // Never a report about a report (RFC 5321 §6.1), and nothing about captured mail: its sender never meant it to leave this machine.
        var envelope = shipment.Entry.Envelope;
        if (envelope.Sender is null || envelope.Destination == Queue.Destination.Captured || !Array.Exists(judgements, each => each.IsReported))
            return null;

        var failures = Array.Exists(judgements, each => each.Next is null && each.IsReported);
        for (var i = 0; failures && i < judgements.Length; i++)
        {
            if (judgements[i] is { Consequence: Consequence.RetryAndWarn, Next: { } next })
                judgements[i] = judgements[i] with { Consequence = Consequence.Retry, Next = next with { Warned = false } };
        }

        var recipients = judgements.Where(each => each.IsReported).Select(each => Describe(envelope, each)).ToImmutableArray();
        using var body = await BodyAsync(envelope.Id);
        DeliveryMetrics.Report(failures ? "bounce" : "delay");
        return await _writer.WriteAsync(context.Store.NextId(), envelope, body, recipients, context.Time.GetUtcNow(), context.Stopping);
    }

    private static ReportedRecipient Describe(Envelope envelope, Judgement judgement) => new(
        envelope.Recipients[judgement.Recipient].Address,
        judgement.Consequence == Consequence.RetryAndWarn ? ReportAction.Delayed : ReportAction.Failed,
        judgement.Verdict,
        judgement.Consequence == Consequence.Expire);

    // A report without the original is better than none: an unreadable body must not keep the sender from hearing.
    private async ValueTask<MessageBody?> BodyAsync(QueueId id)
    {
        try
        {
            return await context.Store.OpenBodyAsync(id, context.Stopping);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogUnreadable(context.Log, id, fault);
            return null;
        }
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Error, Message = "The body of {Id} cannot be read for its report, which goes without")]
    private static partial void LogUnreadable(ILogger log, QueueId id, Exception fault);
}
