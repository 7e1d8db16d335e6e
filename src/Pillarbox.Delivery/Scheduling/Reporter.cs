using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Pillarbox.Delivery.Bounces;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>Has a report written on what became of a shipment, where the sender must hear of it.</summary>
internal sealed partial class Reporter(SchedulerContext context)
{
    private readonly ReportWriter _writer = new(context.Options.Hostname, context.Options.Expire, context.Options.ReturnedMessage, context.Options.Language);

    /// <summary>What the sender hears of what became of a recipient, if anything.</summary>
    public static ReportAction? ToldOf(Envelope envelope, int recipient, Consequence consequence, Verdict verdict) => consequence switch
    {
        Consequence.Done => ReportRules.Delivery(envelope, envelope.Recipients[recipient], verdict),
        Consequence.RetryAndWarn => ReportAction.Delayed,
        Consequence.Bounce or Consequence.Expire when ReportRules.Failure(envelope, envelope.Recipients[recipient]) => ReportAction.Failed,
        _ => null,
    };

    /// <summary>The report, or <see langword="null"/>: one of all that the outcome has to tell, failures first (RFC 3464 §2.3.3).</summary>
    public async ValueTask<Report?> WriteAsync(Shipment shipment, Judgement[] judgements)
    {
        if (!Array.Exists(judgements, each => each.Told is not null))
            return null;

        var envelope = shipment.Envelope;
        var recipients = judgements.Where(each => each.Told is not null).Select(each => Describe(envelope, each)).OrderBy(each => each.Action).ToImmutableArray();
        using var body = await BodyAsync(envelope.Id);
        DeliveryMetrics.Report(recipients[0].Action switch { ReportAction.Failed => "bounce", ReportAction.Delayed => "delay", _ => "success" });
        var report = await _writer.WriteAsync(context.Store.NextId(), envelope, body, recipients, context.Time.GetUtcNow(), context.Stopping);

        // The sender, or a list's owner, may be an address of ours that stands for others.
        var readers = context.Routing.Current.Lists.Expand(report.Envelope.Recipients, fromNobody: true);
        return report with { Envelope = report.Envelope with { Recipients = readers } };
    }

    private static ReportedRecipient Describe(Envelope envelope, Judgement judgement) =>
        new(envelope.Recipients[judgement.Recipient], judgement.Told!.Value, judgement.Verdict, judgement.Consequence == Consequence.Expire);

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
