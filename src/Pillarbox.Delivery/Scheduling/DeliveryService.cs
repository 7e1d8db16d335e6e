using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pillarbox.Delivery.Routing;
using Pillarbox.Queue;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>
/// Delivers what the queue holds: takes up at start what the store has, then each message as it is accepted, until it stops.
/// </summary>
public sealed partial class DeliveryService : IHostedLifecycleService, IQueueConsumer, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly MailQueue _queue;
    private readonly SchedulerContext _context;
    private readonly CarrierFactory _carriers;
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly IDisposable _gauges;
    private ITimer? _ticker;
    private ulong _recoverBelow = ulong.MaxValue;
    private Task _recovery = Task.CompletedTask;

    internal DeliveryService(
        DeliveryOptions options, MailQueue queue, RoutingSource routing, IResolver resolver, TimeProvider time, Chance chance,
        ILogger<DeliveryService> log, CaptureSink? capture = null)
    {
        _queue = queue;
        _context = new SchedulerContext
        {
            Options = options,
            Store = queue.Store,
            Routing = routing,
            Time = time,
            Chance = chance,
            Log = log,
            Active = new ActiveMessages(queue.Store, time, options.BodyMemory),
            Slots = new ConnectionSlots(options.Connections),
            DrainingToken = _draining.Token,
            Stopping = _stopping.Token,
        };
        _context.Due = new DueIndex(time, parked => parked.Destination.Admit(parked));
        _carriers = new CarrierFactory(_context, resolver, capture);
        _context.Destinations = new Destinations(_context, _carriers, resolver);
        _context.Recorder = new OutcomeRecorder(_context, new RetryPolicy(options, chance), new Reporter(_context));
        _gauges = DeliveryMetrics.Observe(Depths);
    }

    internal SchedulerContext Context => _context;

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Begins to deliver: when all that can keep the program from starting has not, its ports above all, so that a start that fails
    /// has sent nothing.
    /// </summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // What was accepted until now is in the store, where the recovery finds it. A message that got its id after this is handed to
        // Accepted and to nobody else. One that had its id before may be in the store when the recovery reads it and be handed to Accepted too: both then leave a hint, and the claim lets one of them through.
        _queue.Attach(this);
        Volatile.Write(ref _recoverBelow, _context.Store.NextId().Value);
        _ticker = _context.Time.CreateTimer(static state => ((Destinations)state!).Tick(), _context.Destinations, Tick, Tick);
        _recovery = Task.Run(RecoverAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Accepted(QueuedMessage message, MessageBody body)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(body);
        var count = message.Envelope.Recipients.Length;
        var recipients = count == 1 ? Parked.Single : [.. Enumerable.Range(0, count)];
        DateTimeOffset? later = message.Envelope.Released > _context.Time.GetUtcNow() ? message.Envelope.Released : null;
        if (later is not null || message.Envelope.Id.Value < Volatile.Read(ref _recoverBelow))
        {
            body.Dispose();
        }
        else if (_context.Active.TryAdopt(message, body) is { } entry)
        {
            entry.Claim(recipients, DateTimeOffset.MaxValue);
            _context.Destinations.Submit(entry, recipients);
            return;
        }

        Park(message.Envelope, recipients, later);
    }

    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Takes no more work, lets what is in flight end for as long as <paramref name="cancellationToken"/> allows, then abandons it:
    /// the store has it as it was.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_ticker is { } ticker)
            await ticker.DisposeAsync();
        _context.Due.Dispose();
        await _draining.CancelAsync();
        foreach (var site in _context.Destinations.Sites)
            site.EndIdle();
        try
        {
            await UntilIdleAsync(cancellationToken);
            await _context.Recorder.DrainAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LogAbandoned(_context.Log, _context.Destinations.Sites.Sum(site => site.Workers), _context.Recorder.Unrecorded);
        }

        await _stopping.CancelAsync();
        await _recovery;
        await SettleAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ticker?.Dispose();
        _context.Due.Dispose();
        _carriers.Dispose();
        _gauges.Dispose();
        _draining.Dispose();
        _stopping.Dispose();
    }

    private async Task UntilIdleAsync(CancellationToken cancellationToken)
    {
        // By the real clock: a stop is about this process, whatever time its mail lives in.
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (_context.Destinations.Sites.Any(site => site.Workers > 0))
            await poll.WaitForNextTickAsync(cancellationToken);
    }

    // What was abandoned lets go of the store before the store goes.
    private async Task SettleAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await UntilIdleAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            LogUnsettled(_context.Log, _context.Destinations.Sites.Sum(site => site.Workers));
        }
    }

    private async Task RecoverAsync()
    {
        var count = 0;
        try
        {
            await foreach (var message in _context.Store.ReadAllAsync(cancellationToken: _context.Stopping))
            {
                if (message.Envelope.Id.Value >= Volatile.Read(ref _recoverBelow))
                    continue;
                count++;
                Recover(message);
            }

            LogRecovered(_context.Log, count == 0 ? LogLevel.Debug : LogLevel.Information, count);
        }
        catch (OperationCanceledException)
        {
            LogRecovered(_context.Log, LogLevel.Information, count);
        }
        catch (Exception fault)
        {
            LogRecoveryFault(_context.Log, count, fault);
        }
    }

    private void Recover(QueuedMessage message)
    {
        var envelope = message.Envelope;
        var now = _context.Time.GetUtcNow();
        var waiting = Enumerable.Range(0, message.Recipients.Length)
            .Where(index => message.Recipients[index] is { State: not RecipientState.Held })
            .GroupBy(index => message.Recipients[index]!.Next);
        foreach (var group in waiting)
        {
            var recipients = group.ToArray();
            Park(envelope, recipients is [0] ? Parked.Single : recipients, group.Key > now ? group.Key : null);
        }
    }

    private void Park(Envelope envelope, int[] recipients, DateTimeOffset? due = null)
    {
        foreach (var (destination, together) in _context.Destinations.Group(envelope, recipients, _context.Routing.Current))
        {
            var parked = new Parked(envelope.Id, together, destination, envelope.Requests.Priority);
            if (due is { } later)
                _context.Due.Add(parked, later);
            else
                destination.Admit(parked);
        }
    }

    private IEnumerable<Measurement<long>> Depths() =>
    [
        new(_context.Due.Count, new KeyValuePair<string, object?>("state", "deferred")),
        new(_context.Destinations.Sites.Sum(site => (long)site.Backlog), new KeyValuePair<string, object?>("state", "ready")),
        new(_context.Active.Count, new KeyValuePair<string, object?>("state", "active")),
    ];

    [LoggerMessage(EventId = 1, Message = "{Count} messages taken up from the store")]
    private static partial void LogRecovered(ILogger log, LogLevel level, int count);

    [LoggerMessage(EventId = 2, Level = LogLevel.Critical, Message = "The store could be read for {Count} messages only; the others stay in it and are not delivered before the next start")]
    private static partial void LogRecoveryFault(ILogger log, int count, Exception fault);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{Connections} abandoned deliveries have not ended yet")]
    private static partial void LogUnsettled(ILogger log, int connections);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "Stopped with {Connections} deliveries under way and {Unrecorded} outcomes unrecorded; the next start takes them up")]
    private static partial void LogAbandoned(ILogger log, int connections, int unrecorded);
}
