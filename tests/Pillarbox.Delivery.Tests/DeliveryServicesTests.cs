using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pillarbox.Delivery.Routing;
using Pillarbox.Delivery.Scheduling;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests;

/// <summary>Delivery as a host has it.</summary>
public sealed class DeliveryServicesTests
{
    [Fact]
    public async Task Host_delivers_counts_and_shows_the_queue()
    {
        var counted = new ConcurrentDictionary<string, long>();
        using var listener = Listen(counted);
        await using var store = new MemoryQueueStore(TimeProvider.System);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(new MailQueue(store));
        builder.Services.AddPillarboxDelivery(new DeliveryOptions
        {
            Hostname = "relay.test",
            Routes = [new Route("held.test", Rig.Target("smtp://127.0.0.1:1")), new Route("*", Rig.Target("discard"))],
        });
        using var host = builder.Build();
        await host.StartAsync(Rig.Patience);
        var queue = host.Services.GetRequiredService<DeliveryQueue>();

        var id = store.NextId();
        await host.Services.GetRequiredService<MailQueue>().AcceptAsync(
            new Envelope
            {
                Id = id,
                Sender = null,
                Recipients = [Mailbox.Parse("a@gone.test"), Mailbox.Parse("b@held.test")],
                Accepted = TimeProvider.System.GetUtcNow(),
                BodySize = 0,
            },
            store.BeginBody(id),
            Rig.Patience);
        await Until.TrueAsync(async () => (await queue.FindAsync(id, Rig.Patience))?.Recipients is [{ State: QueueItemState.Deferred }]);

        // The store has an outcome before the index of what is due has its message.
        await Until.TrueAsync(() =>
        {
            listener.RecordObservableInstruments();
            return counted.GetValueOrDefault("pillarbox.delivery.queue deferred") >= 1;
        });
        Assert.True(counted.GetValueOrDefault("pillarbox.delivery.attempts delivered") >= 1);
        Assert.True(counted.GetValueOrDefault("pillarbox.delivery.attempts deferred") >= 1);
        var listed = new List<QueueItem>();
        await foreach (var item in queue.ListAsync(cancellationToken: Rig.Patience))
            listed.Add(item);
        Assert.Equal("b@held.test", Assert.Single(Assert.Single(listed).Recipients).Address);
        await host.StopAsync(Rig.Patience);
    }

    [Fact]
    public void Schedule_without_waits_is_refused() => Assert.Throws<ArgumentException>(
        () => new ServiceCollection().AddPillarboxDelivery(new DeliveryOptions { Hostname = "relay.test", Retry = [] }));

    private static MeterListener Listen(ConcurrentDictionary<string, long> counted)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Pillarbox.Delivery")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            counted.AddOrUpdate($"{instrument.Name} {(tags.IsEmpty ? "" : tags[0].Value)}", value, (_, before) => before + value));
        listener.Start();
        return listener;
    }
}
