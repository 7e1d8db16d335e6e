using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>Brings shipments to one site, one after another: over a connection, into files, or nowhere.</summary>
internal interface ICarrier : IAsyncDisposable
{
    /// <summary>Carries a shipment. Expected failures are verdicts.</summary>
    /// <returns>A verdict for each of the shipment's recipients, or <see langword="null"/> to give it back untried (the site bears no more connections now).</returns>
    ValueTask<Verdict[]?> CarryAsync(Shipment shipment, MessageBody body, CancellationToken cancellationToken);
}

/// <summary>Has one verdict for all: mail that has no way.</summary>
internal sealed class RefusingCarrier(Verdict verdict) : ICarrier
{
    public ValueTask<Verdict[]?> CarryAsync(Shipment shipment, MessageBody body, CancellationToken cancellationToken)
    {
        var verdicts = new Verdict[shipment.Recipients.Length];
        Array.Fill(verdicts, verdict);
        return ValueTask.FromResult<Verdict[]?>(verdicts);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
