using Microsoft.Extensions.Logging;
using Pillarbox.Delivery.Routing;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>What the parts of the scheduler share.</summary>
internal sealed class SchedulerContext
{
    public required DeliveryOptions Options { get; init; }

    public required IQueueStore Store { get; init; }

    public required RoutingSource Routing { get; init; }

    public required TimeProvider Time { get; init; }

    public required Chance Chance { get; init; }

    public required ILogger Log { get; init; }

    public required ActiveMessages Active { get; init; }

    public required ConnectionSlots Slots { get; init; }

    /// <summary>Where recipients' mail goes. Set once, ahead of any work.</summary>
    public Destinations Destinations { get; set; } = null!;

    /// <summary>What is due when. Set once, ahead of any work.</summary>
    public DueIndex Due { get; set; } = null!;

    /// <summary>Records outcomes. Set once, ahead of any work.</summary>
    public OutcomeRecorder Recorder { get; set; } = null!;

    /// <summary>Whether no more work is taken up: the service stops.</summary>
    public bool Draining => DrainingToken.IsCancellationRequested;

    /// <summary>Cancelled when no more work is taken up: a connection that is not made yet is then not made.</summary>
    public required CancellationToken DrainingToken { get; init; }

    /// <summary>Cancelled when what is in flight must be abandoned.</summary>
    public required CancellationToken Stopping { get; init; }

    /// <summary>How long a destination that cannot be reached is left alone: less than the first retry, so that each retry is a try.</summary>
    public TimeSpan HoldTime
    {
        get
        {
            var half = Options.Retry[0] / 2;
            return half < TimeSpan.FromSeconds(30) ? half : TimeSpan.FromSeconds(30);
        }
    }

    /// <summary>How long a store that failed is left alone.</summary>
    public TimeSpan StorePatience => TimeSpan.FromSeconds(5);
}
