using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Pillarbox.Queue.Bodies;

/// <summary>
/// A body on its way in: up to <see cref="MemoryLimit"/> octets in pooled memory, more in a file of its own. Memory is bounded by
/// what comes in between two flushes, whatever the size of the body.
/// </summary>
internal sealed class SpooledBodyWriter : BodyWriter
{
    /// <summary>The largest body that stays in memory, in octets.</summary>
    public const int MemoryLimit = 64 * 1024;

    // Who writes says how much, so this is for those who write a little at a time: ten thousand of them should not need much.
    private const int FirstSize = 512;

    private readonly BodySpool? _spool;
    private readonly QueueId _id;
    private byte[] _buffer = [];
    private int _buffered;
    private long _written;
    private SafeFileHandle? _file;
    private bool _ended;

    /// <param name="spool">Where a large body goes; <see langword="null"/> keeps all in memory.</param>
    /// <param name="id">The message it belongs to.</param>
    public SpooledBodyWriter(BodySpool? spool, QueueId id)
    {
        _spool = spool;
        _id = id;
    }

    /// <inheritdoc/>
    public override long Length => _written + _buffered;

    /// <summary>Whether the body has a file of its own.</summary>
    public bool InFile => _file is not null;

    /// <summary>What is in memory: the whole body, unless it is <see cref="InFile"/>.</summary>
    public ReadOnlyMemory<byte> Buffered => _buffer.AsMemory(0, _buffered);

    /// <inheritdoc/>
    public override void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _buffered);
        _buffered += count;
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsMemory(_buffered);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsSpan(_buffered);
    }

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        return _buffered > MemoryLimit && _spool is not null ? WriteOutAsync(_spool, cancellationToken) : default;
    }

    /// <summary>
    /// The first half of the promise, for a large body: its last octets written, the file synced, and its name in the directory synced.
    /// For a small one there is nothing to do, since it goes with the envelope.
    /// </summary>
    /// <exception cref="IOException">The body may not be on the disk.</exception>
    public ValueTask SealAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        return _spool is not null && (InFile || _buffered > MemoryLimit) ? SealFileAsync(_spool, cancellationToken) : default;
    }

    /// <summary>Ends the writing: the body, for reading. The writer has nothing left to dispose of.</summary>
    public MessageBody ToBody()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        _ended = true;
        MessageBody body = _file is { } file ? new FileBody(file, _written) : new MemoryBody(_buffer, _buffered, pooled: true);
        if (_file is not null)
            ReturnBuffer();
        return body;
    }

    /// <summary>Ends the writing and leaves a file where it is: whether it belongs to a message is known only at the next start.</summary>
    public void Leave()
    {
        if (_ended)
            return;
        _ended = true;
        ReturnBuffer();
        _file?.Dispose();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_ended)
            return;
        _ended = true;
        ReturnBuffer();
        if (_file is { } file)
        {
            // Unlinking a large file takes its time: not on the caller's thread.
            await _spool!.Disk.RunAsync(() =>
            {
                file.Dispose();
                try
                {
                    _spool.Delete(_id);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // It belongs to no message, and the next start sweeps it. Whoever disposes has something better to say: a reply.
                }
            });
        }
    }

    private ValueTask WriteOutAsync(BodySpool spool, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return spool.Disk.RunAsync(() => WriteOut(spool));
    }

    private ValueTask SealFileAsync(BodySpool spool, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return spool.Disk.RunAsync(() =>
        {
            WriteOut(spool);
            RandomAccess.FlushToDisk(_file!);
            spool.SyncNames();
        });
    }

    private void WriteOut(BodySpool spool)
    {
        spool.Space.Demand();
        _file ??= spool.Create(_id);
        RandomAccess.Write(_file, Buffered.Span, _written);
        _written += _buffered;
        _buffered = 0;
        if (_buffer.Length > 2 * MemoryLimit)
            ReturnBuffer();
    }

    private void MakeRoom(int sizeHint)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        var needed = checked(_buffered + Math.Max(sizeHint, 1));
        if (needed <= _buffer.Length)
            return;

        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(FirstSize, 2 * _buffer.Length)));
        Buffered.CopyTo(grown);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = grown;
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _buffered = 0;
    }
}
