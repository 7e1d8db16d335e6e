namespace Pillarbox.Delivery.Capture;

/// <summary>Where captured messages are kept, and how many.</summary>
public sealed record CaptureOptions
{
    /// <summary>The directory, made where missing, readable by its owner alone: <c>DATA/captured</c>.</summary>
    public required string Directory { get; init; }

    /// <summary>Messages kept; with the next, the oldest goes.</summary>
    public int MaxMessages { get; init; } = 5000;

    /// <summary>Octets of disk used; past it the oldest messages go. The newest one always stays, whatever its size.</summary>
    public long MaxBytes { get; init; } = 1L << 30;
}
