using System.Buffers;

namespace Pillarbox.Queue;

/// <summary>
/// Takes a message's body while it comes in: small ones stay in memory, larger ones go to a place of their own, so memory
/// stays bounded whatever the size. Written by one session; not thread-safe.
/// Disposing of one that was not accepted leaves nothing behind.
/// </summary>
public abstract class BodyWriter : IBufferWriter<byte>, IAsyncDisposable
{
    /// <summary>Octets written so far.</summary>
    public abstract long Length { get; }

    /// <inheritdoc/>
    public abstract void Advance(int count);

    /// <inheritdoc/>
    public abstract Memory<byte> GetMemory(int sizeHint = 0);

    /// <inheritdoc/>
    public abstract Span<byte> GetSpan(int sizeHint = 0);

    /// <summary>
    /// Lets the writer put what it holds where it belongs; called after each read from the client. Completes at once
    /// while the body is small; never blocks the calling thread.
    /// </summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public abstract ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
