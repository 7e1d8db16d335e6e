using Microsoft.Win32.SafeHandles;

namespace Pillarbox.Queue.Bodies;

/// <summary>A large body: a file, held open until disposal, so that it can be read to its end even when the message is deleted meanwhile.</summary>
internal sealed class FileBody(SafeFileHandle file, long length) : MessageBody
{
    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte>? InMemory => null;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var read = 0;
        while (read < destination.Length && offset + read < length)
        {
            var got = await RandomAccess.ReadAsync(file, destination[read..], offset + read, cancellationToken);
            if (got == 0)
                throw new EndOfStreamException($"a body of {length} octets ends after {offset + read}");
            read += got;
        }

        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => file.Dispose();
}
