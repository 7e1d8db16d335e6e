using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>
/// Recipients of a message that wait, in 32 octets: what the index holds of the millions. A hint, not the truth: the store says
/// whether they are due when their turn comes.
/// </summary>
internal readonly record struct Parked(QueueId Message, int[] Recipients, Destination Destination, int Priority = 0)
{
    /// <summary>The recipients of a message with one recipient: the same array for all of them.</summary>
    public static readonly int[] Single = [0];
}
