namespace Pillarbox.Delivery.Scheduling;

/// <summary>What a route leads to for a recipient: a fixed server, a Maildir, the exchangers of one domain.</summary>
internal abstract class Destination(string name)
{
    private int _waiting;

    /// <summary>For logs and listings.</summary>
    public string Name { get; } = name;

    /// <summary>How many entries of the index lead here.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public void AddWaiting(int change) => Interlocked.Add(ref _waiting, change);

    /// <summary>Takes a shipment from memory. Called on a session's thread: never blocks.</summary>
    public abstract void Submit(Shipment shipment);

    /// <summary>Takes what has become due.</summary>
    public abstract void Admit(Parked parked);

    /// <summary>The operator wants it tried now, whatever was found out before.</summary>
    public abstract void TryAgain();
}

/// <summary>A destination with one site of its own.</summary>
internal sealed class FixedDestination(string name, Site site) : Destination(name)
{
    public Site Site => site;

    public override void Submit(Shipment shipment) => site.Enqueue(shipment);

    public override void Admit(Parked parked) => site.Park(parked);

    public override void TryAgain() => site.EndHold();
}
