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
        Meter.CreateHistogram(
            "pillarbox.queue.commit.duration", "s", "Duration of a synced write", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5] });

    /// <summary>How many operations shared a synced write.</summary>
    public static readonly Histogram<int> CommitSize =
        Meter.CreateHistogram(
            "pillarbox.queue.commit.size", "{operation}", "Operations that shared a synced write", null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] });

    /// <summary>Writes that failed.</summary>
    public static readonly Counter<long> CommitFailures =
        Meter.CreateCounter<long>("pillarbox.queue.commit.failures", "{write}", "Synced writes that failed");
}
