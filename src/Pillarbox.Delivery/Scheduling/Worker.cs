using Microsoft.Extensions.Logging;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>Takes work from its site, has its carrier carry it, and hands the outcome to be recorded, until there is nothing left to do.</summary>
internal sealed partial class Worker(Site site, ICarrier carrier, SchedulerContext context)
{
    public async Task RunAsync()
    {
        try
        {
            await ServeAsync();
        }
        catch (OperationCanceledException) when (context.Draining)
        {
            // What was in flight stays in the store as it was; the next start takes it up.
        }
        catch (Exception fault)
        {
            LogFault(context.Log, site.Name, fault);
        }

        try
        {
            await carrier.DisposeAsync();
        }
        catch (Exception fault)
        {
            LogFault(context.Log, site.Name, fault);
        }

        site.WorkerEnded();
    }

    private async Task ServeAsync()
    {
        var served = 0;
        while (true)
        {
            var work = site.Take();
            if (work.Wait is { } wait)
            {
                if (await wait)
                    continue;
                return;
            }

            var shipment = work.Shipment ?? await LoadAsync(work.Parked!.Value);
            if (shipment is not null && !await HandleAsync(shipment))
                return;
            if (site.ShouldYield(++served))
                return;
        }
    }

    private async ValueTask<Shipment?> LoadAsync(Parked parked)
    {
        try
        {
            var claim = await context.Active.ClaimAsync(parked, context.Stopping);
            if (claim.Early is { } early)
                context.Due.Add(parked, early);

            // Without a table: whether the routes still say the same is looked at before it is carried.
            return claim.Recipients.Length > 0 ? new Shipment(claim.Entry, claim.Recipients, parked.Destination, table: null) : null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The store cannot be read now. The message is in it still, so it comes round again.
            LogStoreFault(context.Log, parked.Message, fault);
            context.Due.Add(parked, context.Time.GetUtcNow() + context.StorePatience);
            return null;
        }
    }

    // Returns whether the worker goes on.
    private async ValueTask<bool> HandleAsync(Shipment shipment)
    {
        if (shipment.Entry.Deleted)
        {
            context.Active.Release(shipment);
            return true;
        }

        if (shipment.Table != context.Routing.Current && !context.Destinations.StillLeadTo(shipment))
        {
            context.Destinations.Submit(shipment.Entry, shipment.Recipients);
            return true;
        }

        if (Deadline.IsOver(shipment.Envelope, context.Time.GetUtcNow()))
        {
            await context.Recorder.RecordAsync(shipment, site, Missed(shipment), TimeSpan.Zero);
            return true;
        }

        var began = context.Time.GetTimestamp();
        shipment.Entry.SetUnderWay(shipment.Recipients);
        var verdicts = await CarryAsync(shipment);
        if (verdicts is null)
            return false;
        if (verdicts.Length == 0)
            return true;
        await context.Recorder.RecordAsync(shipment, site, verdicts, context.Time.GetElapsedTime(began));
        return true;
    }

    private static Verdict[] Missed(Shipment shipment) =>
        Array.ConvertAll(shipment.Recipients, index => Deadline.Missed(shipment.Envelope, shipment.Entry.Status(index)?.LastReply));

    // Null: given back untried. Empty: there is no such message any more.
    private async ValueTask<Verdict[]?> CarryAsync(Shipment shipment)
    {
        MessageBody? opened = null;
        var body = shipment.Entry.Body;
        try
        {
            body ??= opened = await context.Store.OpenBodyAsync(shipment.Envelope.Id, context.Stopping);
            if (body is null)
            {
                // Deleted since.
                shipment.Entry.Deleted = true;
                context.Active.Release(shipment);
                return [];
            }

            var verdicts = await carrier.CarryAsync(shipment, body, context.Stopping);
            if (verdicts is null)
            {
                shipment.Entry.SetUnderWay(shipment.Recipients, underWay: false);
                site.Enqueue(shipment);
            }

            return verdicts;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogFault(context.Log, site.Name, fault);
            return [.. shipment.Recipients.Select(_ => Verdict.Defer(3, 0, "a fault here; the log of this server has it"))];
        }
        finally
        {
            opened?.Dispose();
        }
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Error, Message = "Delivery to {Site}: a fault")]
    private static partial void LogFault(ILogger log, string site, Exception fault);

    [LoggerMessage(EventId = 21, Level = LogLevel.Error, Message = "Message {Id} cannot be read from the store; it stays queued and is tried again")]
    private static partial void LogStoreFault(ILogger log, QueueId id, Exception fault);
}
