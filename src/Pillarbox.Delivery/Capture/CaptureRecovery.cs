using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Pillarbox.Delivery.Capture;

/// <summary>Reads the segments back at start. A broken file costs the messages behind the fault, never the start.</summary>
internal sealed partial class CaptureRecovery(string directory, CaptureIndex index, ILogger logger)
{
    public const string Extension = ".captured";

    /// <summary>The segments found, oldest first.</summary>
    public List<CaptureSegment> Segments { get; } = [];

    /// <summary>The sequence of the next record.</summary>
    public long NextSequence { get; private set; } = 1;

    /// <summary>The number of the next segment.</summary>
    public int NextNumber { get; private set; } = 1;

    /// <exception cref="IOException">The directory cannot be made or read.</exception>
    public void Load()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        foreach (var path in Directory.EnumerateFiles(directory, "*" + Extension))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                Segments.Add(new CaptureSegment(number, path));
        }

        Segments.Sort((left, right) => left.Number.CompareTo(right.Number));
        foreach (var segment in Segments)
        {
            NextNumber = segment.Number + 1;
            try
            {
                Read(segment, newest: segment == Segments[^1]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogUnreadable(logger, segment.Path, e);
            }
        }
    }

    // Only the newest file can end in a torn write, since a newer one is begun only when all of the older is synced: its messages
    // are checked to the last octet, those of the others as far as their heads.
    private void Read(CaptureSegment segment, bool newest)
    {
        using var file = File.OpenHandle(segment.Path, FileMode.Open, newest ? FileAccess.ReadWrite : FileAccess.Read);
        var end = RandomAccess.GetLength(file);
        while (segment.Length < end && TryRecord(file, segment.Length, end, newest, out var record))
        {
            Apply(record, segment);
            segment.Length += record.Length;
        }

        if (segment.Length == end)
            return;
        LogBroken(logger, segment.Path, segment.Length, end - segment.Length);
        if (newest)
        {
            RandomAccess.SetLength(file, segment.Length);
            RandomAccess.FlushToDisk(file);
        }
    }

    private void Apply(CaptureRecord record, CaptureSegment segment)
    {
        index.RemoveBelow(record.Floor);
        if (record.Kind != CaptureKind.Cleared)
            index.Remove(record.Id);
        if (record.Kind == CaptureKind.Message)
            index.Add(new CaptureEntry(record.Id, record.Sequence, segment, segment.Length, record.MetaLength, record.RawLength));
        NextSequence = Math.Max(NextSequence, record.Sequence + 1);
    }

    private static bool TryRecord(SafeFileHandle file, long offset, long end, bool whole, out CaptureRecord record)
    {
        var head = new byte[CaptureRecord.HeadLength];
        if (!TryFill(file, head, offset) || !CaptureRecord.TryRead(head, out record) || record.Length > end - offset)
        {
            record = default;
            return false;
        }

        var meta = new byte[record.MetaLength];
        return TryFill(file, meta, offset + CaptureRecord.HeadLength)
            && CaptureRecord.Matches(head, meta)
            && (!whole || record.Kind != CaptureKind.Message || RawMatches(file, record, offset));
    }

    private static bool RawMatches(SafeFileHandle file, CaptureRecord record, long offset)
    {
        var buffer = new byte[(int)Math.Min(128 << 10, Math.Max(1, record.RawLength))];
        var at = offset + CaptureRecord.HeadLength + record.MetaLength;
        var crc = 0u;
        for (var left = record.RawLength; left > 0;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
            if (!TryFill(file, part, at))
                return false;
            crc = CaptureRecord.Checksum(crc, part);
            at += part.Length;
            left -= part.Length;
        }

        Span<byte> trailer = stackalloc byte[CaptureRecord.TrailerLength];
        return TryFill(file, trailer, at) && BitConverter.ToUInt32(trailer) == crc;
    }

    private static bool TryFill(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            if (read == 0)
                return false;
            buffer = buffer[read..];
            offset += read;
        }

        return true;
    }

    [LoggerMessage(EventId = 50, Level = LogLevel.Warning, Message = "Captured messages: {Path} is broken at octet {Offset}; what follows, {Lost} octets, is lost")]
    private static partial void LogBroken(ILogger logger, string path, long offset, long lost);

    [LoggerMessage(EventId = 51, Level = LogLevel.Warning, Message = "Captured messages: {Path} cannot be read and is passed over")]
    private static partial void LogUnreadable(ILogger logger, string path, Exception exception);
}
