using Microsoft.Extensions.Logging;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>Where captured messages go; durable when the task ends, and once however often it is called with one id.</summary>
internal delegate Task CaptureSink(Envelope envelope, MessageBody body, CancellationToken cancellationToken);

/// <summary>Puts messages into the console's capture.</summary>
internal sealed partial class CaptureCarrier(CaptureSink? capture, ILogger log) : ICarrier
{
    public async ValueTask<Verdict[]?> CarryAsync(Shipment shipment, MessageBody body, CancellationToken cancellationToken)
    {
        var verdicts = new Verdict[shipment.Recipients.Length];
        Array.Fill(verdicts, await CaptureAsync(shipment, body, cancellationToken));
        return verdicts;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<Verdict> CaptureAsync(Shipment shipment, MessageBody body, CancellationToken cancellationToken)
    {
        if (capture is null)
            return Verdict.Defer(3, 5, "this server has no capture");
        try
        {
            await capture(shipment.Entry.Envelope with { Recipients = shipment.Addressed() }, body, cancellationToken);
            return new Verdict(Disposition.Delivered, new(2, 0, 0), "captured");
        }
        catch (IOException fault)
        {
            LogFault(log, shipment.Envelope.Id, fault);
            return Verdict.Defer(2, 0, "the capture cannot be written to now");
        }
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Error, Message = "{Id} cannot be captured; it is tried again")]
    private static partial void LogFault(ILogger log, QueueId id, Exception fault);
}
