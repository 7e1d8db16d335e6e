using Microsoft.Win32.SafeHandles;
using Pillarbox.Queue;
using Pillarbox.Queue.Bodies;

namespace Pillarbox.Delivery.Capture;

/// <summary>
/// Appends records to the newest segment through one buffer, so that memory stays bounded whatever the size of a message. Nothing
/// counts before <see cref="Commit"/> has returned. Used by one writer; not thread-safe.
/// </summary>
internal sealed class CaptureAppender(string directory, long segmentBytes, int nextNumber) : IDisposable
{
    private const int BufferLength = 256 << 10;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferLength);
    private SafeFileHandle? _file;
    private long _position;
    private int _buffered;
    private int _nextNumber = nextNumber;

    /// <summary>The segment that is being written; <see langword="null"/> before the first record.</summary>
    public CaptureSegment? Segment { get; private set; }

    private long End => _position + _buffered;

    /// <summary>Sees to it that the next record has a segment: the current one while it has room, else a new one.</summary>
    /// <returns>Whether a new one was begun.</returns>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public bool Prepare(bool fresh)
    {
        if (Segment is not null && !fresh && End < segmentBytes)
            return false;
        if (Segment is not null)
        {
            Commit();
            Close();
        }

        var path = System.IO.Path.Combine(directory, $"{_nextNumber:D8}{CaptureRecovery.Extension}");
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using (var names = new DirectorySync(directory))
            names.Sync();
        Segment = new CaptureSegment(_nextNumber++, path);
        _position = 0;
        _buffered = 0;
        return true;
    }

    /// <summary>Appends a record; on an exception nothing is left of it.</summary>
    /// <returns>Where it begins.</returns>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    /// <exception cref="BodyUnreadableException">The body cannot be read.</exception>
    public async ValueTask<long> AppendAsync(CaptureRecord record, byte[] meta, ReadOnlyMemory<byte> prologue, MessageBody? body)
    {
        var start = End;
        try
        {
            var head = new byte[CaptureRecord.HeadLength];
            record.Write(head, meta);
            Write(head);
            Write(meta);
            if (record.Kind == CaptureKind.Message)
                await WriteRawAsync(prologue, body!, record.RawLength - prologue.Length);
            return start;
        }
        catch
        {
            Retreat(start);
            throw;
        }
    }

    /// <summary>Everything appended so far survives a power cut once this returns. Blocks its thread for the sync.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public void Commit()
    {
        if (_file is null || Segment is null)
            return;
        Spill();
        RandomAccess.FlushToDisk(_file);
        Segment.Length = _position;
    }

    /// <summary>
    /// Gives up what was appended since the last <see cref="Commit"/>, and the segment with it: after a failed sync nobody knows what the disk holds
    /// of it (a second sync may say yes to pages that were thrown away), so the next record goes to a new file.
    /// </summary>
    public void Abandon() => Close();

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void Close()
    {
        if (_file is null)
            return;
        try
        {
            // What stands behind the last whole record is the rest of one that was given up.
            if (Segment is not null && RandomAccess.GetLength(_file) > Segment.Length)
                RandomAccess.SetLength(_file, Segment.Length);
        }
        catch (IOException)
        {
            // The scan at the next start stops there by itself: a record that is not whole does not match its checksum.
        }

        _file.Dispose();
        _file = null;
        Segment = null;
        _position = 0;
        _buffered = 0;
    }

    private void Retreat(long start)
    {
        _buffered = (int)Math.Max(0, start - _position);
        _position = Math.Min(_position, start);
    }

    private async ValueTask WriteRawAsync(ReadOnlyMemory<byte> prologue, MessageBody body, long bodyLength)
    {
        Write(prologue.Span);
        var crc = CaptureRecord.Checksum(0, prologue.Span);
        for (long offset = 0; offset < bodyLength;)
        {
            if (_buffered == BufferLength)
                Spill();
            var room = (int)Math.Min(BufferLength - _buffered, bodyLength - offset);
            var read = await ReadAsync(body, offset, _buffer.AsMemory(_buffered, room));
            crc = CaptureRecord.Checksum(crc, _buffer.AsSpan(_buffered, read));
            _buffered += read;
            offset += read;
        }

        Write(BitConverter.GetBytes(crc));
    }

    private static async ValueTask<int> ReadAsync(MessageBody body, long offset, Memory<byte> destination)
    {
        try
        {
            var read = await body.ReadAsync(offset, destination);
            return read > 0 ? read : throw new EndOfStreamException("the body ends before its time");
        }
        catch (IOException e)
        {
            throw new BodyUnreadableException(e);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_buffered == BufferLength)
                Spill();
            var length = Math.Min(BufferLength - _buffered, bytes.Length);
            bytes[..length].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += length;
            bytes = bytes[length..];
        }
    }

    private void Spill()
    {
        if (_buffered == 0)
            return;
        RandomAccess.Write(_file!, _buffer.AsSpan(0, _buffered), _position);
        _position += _buffered;
        _buffered = 0;
    }
}
