using System.Collections.Immutable;

namespace Pillarbox.Queue;

/// <summary>A message as the queue holds it now.</summary>
/// <param name="Envelope">What was accepted.</param>
/// <param name="Recipients">A status for each of the envelope's recipients, by index; <see langword="null"/> for one that is done.</param>
public sealed record QueuedMessage(Envelope Envelope, ImmutableArray<RecipientStatus?> Recipients)
{
    private static readonly ImmutableArray<RecipientStatus?> OneFresh = [RecipientStatus.Fresh];

    /// <summary>A message that was just accepted: all of its recipients due, now or when it is released.</summary>
    public static QueuedMessage Fresh(Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        var first = RecipientStatus.First(envelope);
        if (envelope.Recipients.Length == 1 && ReferenceEquals(first, RecipientStatus.Fresh))
            return new(envelope, OneFresh);
        return new(envelope, [.. Enumerable.Repeat(first, envelope.Recipients.Length)]);
    }
}
