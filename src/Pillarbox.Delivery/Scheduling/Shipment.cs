using System.Collections.Immutable;
using Pillarbox.Delivery.Routing;
using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>A message with those of its recipients that go to one destination together. It holds their claims until its outcome is recorded.</summary>
/// <param name="entry">The message.</param>
/// <param name="recipients">Indices of its recipients, at least one.</param>
/// <param name="destination">Where they go.</param>
/// <param name="table">The routes that said so; <see langword="null"/> where they must be asked again.</param>
internal sealed class Shipment(MessageEntry entry, int[] recipients, Destination destination, RoutingTable? table)
{
    public MessageEntry Entry { get; } = entry;

    /// <summary>The message as it goes to these recipients, who are all of one list or of none but where they are captured.</summary>
    public Envelope Envelope { get; } = entry.Envelope.To(recipients[0]);

    public int[] Recipients { get; } = recipients;

    public Destination Destination { get; } = destination;

    public RoutingTable? Table { get; } = table;

    /// <summary>The recipients, with what was asked for them.</summary>
    public ImmutableArray<Recipient> Addressed()
    {
        var all = Envelope.Recipients;
        return Recipients.Length == all.Length ? all : ImmutableArray.CreateRange(Recipients.Select(index => all[index]));
    }

    public Parked ToParked() => new(Envelope.Id, Recipients, Destination, Envelope.Requests.Priority);
}
