namespace Pillarbox.Queue;

/// <summary>A body to be read: in memory when small, in its own place when large. Reads may run side by side.</summary>
public abstract class MessageBody : IDisposable
{
    /// <summary>Octets in all.</summary>
    public abstract long Length { get; }

    /// <summary>The whole body, where it is in memory; valid until disposal. Otherwise <see langword="null"/>: use <see cref="ReadAsync"/>.</summary>
    public abstract ReadOnlyMemory<byte>? InMemory { get; }

    /// <summary>Copies octets from <paramref name="offset"/> on.</summary>
    /// <returns>How many: as many as fit, 0 only at the end.</returns>
    /// <exception cref="IOException">The body cannot be read.</exception>
    public abstract ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what the body holds.</summary>
    protected abstract void Dispose(bool disposing);
}
