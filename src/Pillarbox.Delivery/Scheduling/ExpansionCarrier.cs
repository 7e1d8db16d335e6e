using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>
/// Says what became of lists and aliases whose sender wants to hear of it (RFC 3461 §5.2.7): their members are recipients of their own, so
/// nothing is left to be done.
/// </summary>
internal sealed class ExpansionCarrier : ICarrier
{
    private static readonly Verdict Distributed =
        new(Disposition.Delivered, new(2, 0, 0), "accepted by the list") { Success = Success.Delivered };

    private static readonly Verdict Expanded =
        new(Disposition.Delivered, new(2, 0, 0), "forwarded to those that the address stands for") { Success = Success.Expanded };

    public ValueTask<Verdict[]?> CarryAsync(Shipment shipment, MessageBody body, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Verdict[]?>([.. shipment.Addressed().Select(each => each.Expansion == Expansion.List ? Distributed : Expanded)]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
