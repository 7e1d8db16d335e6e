namespace Pillarbox.Configuration.Rules;

/// <summary>What must hold of the queue's times.</summary>
internal static class QueueRules
{
    /// <summary>There is a wait between attempts.</summary>
    public static void WaitsGiven(Settings settings)
    {
        if (settings.IsSound("queue.retry") && settings.GetList<TimeSpan>("queue.retry").IsEmpty)
            settings.Fault("queue.retry", "is empty; write at least one duration, such as [\"15m\"]");
    }

    /// <summary>A notice of delay that comes after the message went back would never be sent.</summary>
    public static void WarnsAheadOfExpiry(Settings settings)
    {
        if (!settings.IsSound("queue.expire") || !settings.IsGiven("queue.warn"))
            return;
        if (settings.Get<TimeSpan>("queue.warn") >= settings.Get<TimeSpan>("queue.expire"))
            settings.Fault("queue.warn", "is not shorter than queue.expire, so no notice would ever be sent; write a shorter duration, or \"never\"");
    }
}
