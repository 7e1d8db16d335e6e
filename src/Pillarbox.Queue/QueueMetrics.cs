using System.Diagnostics.Metrics;

namespace Pillarbox.Queue;

/// <summary>What the queue counts.</summary>
internal static class QueueMetrics
{
    private static readonly Meter Meter = new("Pillarbox.Queue");

    /// <summary>Messages made durable.</summary>
    public static readonly Counter<long> Accepted = Meter.CreateCounter<long>("pillarbox.queue.accepted", "{message}", "Messages made durable");

    /// <summary>Messages whose last recipient was done, or that were deleted.</summary>
    public static readonly Counter<long> Removed = Meter.CreateCounter<long>("pillarbox.queue.removed", "{message}", "Messages that left the queue");

    /// <summary>How long a synced write took.</summary>
    public static readonly Histogram<double> CommitDuration =
        Meter.CreateHistogram<double>("pillarbox.queue.commit.duration", "s", "Duration of a synced write");

    /// <summary>How many operations shared a synced write.</summary>
    public static readonly Histogram<int> CommitSize =
        Meter.CreateHistogram<int>("pillarbox.queue.commit.size", "{operation}", "Operations that shared a synced write");

    /// <summary>Writes that failed.</summary>
    public static readonly Counter<long> CommitFailures =
        Meter.CreateCounter<long>("pillarbox.queue.commit.failures", "{write}", "Synced writes that failed");
}
