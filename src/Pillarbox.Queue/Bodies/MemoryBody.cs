using System.Buffers;

namespace Pillarbox.Queue.Bodies;

/// <summary>A small body: in memory whole.</summary>
internal sealed class MemoryBody(byte[] octets, int length, bool pooled) : MessageBody
{
    private byte[]? _octets = octets;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte>? InMemory => Octets.AsMemory(0, length);

    private byte[] Octets => Volatile.Read(ref _octets) ?? throw new ObjectDisposedException(nameof(MemoryBody));

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var octets = Octets;
        if (offset >= length)
            return new(0);
        var count = (int)Math.Min(length - offset, destination.Length);
        octets.AsMemory((int)offset, count).CopyTo(destination);
        return new(count);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Given back once, however often it is disposed of: an array in the pool twice would be two messages' body.
        if (Interlocked.Exchange(ref _octets, null) is { Length: > 0 } returned && pooled)
            ArrayPool<byte>.Shared.Return(returned);
    }
}
