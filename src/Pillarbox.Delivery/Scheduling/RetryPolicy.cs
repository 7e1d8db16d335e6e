using Pillarbox.Delivery.Bounces;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>What an attempt's verdict makes of a recipient.</summary>
internal enum Consequence
{
    /// <summary>Delivered: done.</summary>
    Done,

    /// <summary>To be tried again.</summary>
    Retry,

    /// <summary>To be tried again, and the sender is told of the delay now.</summary>
    RetryAndWarn,

    /// <summary>The message goes back for this recipient: it was refused.</summary>
    Bounce,

    /// <summary>The message goes back for this recipient: its time is up.</summary>
    Expire,
}

/// <summary>When a recipient is tried again, and when no more. Pure but for the jitter.</summary>
internal sealed class RetryPolicy(DeliveryOptions options, Chance chance)
{
    /// <summary>Judges a verdict on a recipient that stood at <paramref name="status"/>.</summary>
    /// <returns>The consequence, and the new standing where the recipient is not done.</returns>
    public (Consequence Consequence, RecipientStatus? Status) Judge(Envelope envelope, int recipient, RecipientStatus status, Verdict verdict, DateTimeOffset now)
    {
        if (verdict.Disposition == Disposition.Delivered)
            return (Consequence.Done, null);
        if (verdict.Disposition == Disposition.Failed)
            return (Consequence.Bounce, null);
        if (now - envelope.Released >= options.Expire)
            return (Consequence.Expire, null);

        // Who said when to be told of a delay is told then, and not at the time that we have for others.
        var notice = Deadline.Notice(envelope) ?? envelope.Released + options.Warn;
        var warn = !status.Warned && now >= notice && ReportRules.Delay(envelope, envelope.Recipients[recipient]);
        var warned = status.Warned || warn;
        var next = new RecipientStatus
        {
            State = RecipientState.Deferred,
            Attempts = status.Attempts + 1,
            Next = Next(envelope, status.Attempts, warned, now),
            LastReply = Describe(verdict),
            Warned = warned,
        };
        return (warn ? Consequence.RetryAndWarn : Consequence.Retry, next);
    }

    /// <summary>The standing of a recipient whose report could not be written: it must not be given up unheard, so it is tried once more, late enough.</summary>
    public RecipientStatus Again(RecipientStatus status, string why, DateTimeOffset now) => new()
    {
        State = RecipientState.Deferred,
        Attempts = status.Attempts + 1,
        Next = now + options.Retry[^1],
        LastReply = OneLine(why),
        Warned = status.Warned,
    };

    // The last try is made when the time is up, not up to an hour earlier.
    private DateTimeOffset Next(Envelope envelope, int attempts, bool warned, DateTimeOffset now)
    {
        var wait = options.Retry[Math.Min(attempts, options.Retry.Length - 1)];
        var next = now + wait + (wait * (chance.Next() / 10));
        var end = envelope.Released + options.Expire;
        if (Deadline.Limit(envelope, warned) is { } limit && limit < end && limit > now)
            end = limit;
        return next < end ? next : end;
    }

    /// <summary>A verdict as listings show it: what a server said, or what we found with the status that explains it.</summary>
    public static string Describe(Verdict verdict) => OneLine(verdict.Reply is null ? $"{verdict.Status} {verdict}" : verdict.ToString());

    /// <summary>A text as listings and the log show it: in one line, and not too long a one.</summary>
    public static string OneLine(string text)
    {
        const int Longest = 500;
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : string.Concat(line.AsSpan(0, Longest), "…");
    }
}
