using Microsoft.Extensions.Logging;
using Pillarbox.Delivery.Maildir;
using Pillarbox.Delivery.Routing;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>Puts messages into their recipients' Maildirs.</summary>
internal sealed partial class MaildirCarrier(DeliveryTarget.Maildir target, MaildirWriter writer, FileThreads threads, ILogger log) : ICarrier
{
    public async ValueTask<Verdict[]?> CarryAsync(Shipment shipment, MessageBody body, CancellationToken cancellationToken)
    {
        var recipients = shipment.Addressed();
        var verdicts = new Verdict[recipients.Length];
        var written = new Dictionary<string, Verdict>();
        for (var i = 0; i < recipients.Length; i++)
        {
            if (MaildirPath.Expand(target.Template, recipients[i].Address) is not { } path)
            {
                verdicts[i] = Verdict.Fail(1, 1, "no such mailbox here");
                continue;
            }

            // Recipients of one Maildir get one copy.
            if (!written.TryGetValue(path, out var verdict))
                written[path] = verdict = await WriteAsync(path, shipment.Envelope, body, cancellationToken);
            verdicts[i] = verdict;
        }

        return verdicts;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<Verdict> WriteAsync(string path, Envelope envelope, MessageBody body, CancellationToken cancellationToken)
    {
        try
        {
            await threads.RunAsync(() => writer.WriteAsync(path, envelope, body, cancellationToken), cancellationToken);
            return new Verdict(Disposition.Delivered, new(2, 0, 0), "written to the Maildir") { Success = Success.Delivered };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The sender hears no path of ours; the log has it.
            LogFault(log, envelope.Id, path, fault);
            return Verdict.Defer(2, 0, "the mailbox cannot be written to now");
        }
    }

    [LoggerMessage(EventId = 31, Level = LogLevel.Error, Message = "{Id} cannot be written to the Maildir {Path}; it is tried again")]
    private static partial void LogFault(ILogger log, QueueId id, string path, Exception fault);
}
