using System.Buffers;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Capture;

/// <summary>Something to be written; <see cref="Done"/> tells whether there was anything to do.</summary>
internal sealed record CaptureRequest(CaptureKind Kind, QueueId Id, Envelope? Envelope, MessageBody? Body, CancellationToken Cancellation)
{
    public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The one who writes: takes what waits, appends it, syncs once, lets it be seen, then answers.</summary>
internal sealed partial class CaptureWriter : IDisposable
{
    /// <summary>Requests that share a sync at most.</summary>
    public const int MaxBatch = 512;

    private const long MaxBatchBytes = 8 << 20;

    private static readonly Meter Meter = new("Pillarbox.Capture");
    private static readonly Counter<long> Captured = Meter.CreateCounter<long>("pillarbox.capture.messages", "{message}", "Messages captured");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>("pillarbox.capture.dropped", "{message}", "Captured messages dropped for newer ones");

    private readonly CaptureOptions _options;
    private readonly Lock _gate;
    private readonly CaptureIndex _index;
    private readonly ILogger _logger;
    private readonly List<CaptureSegment> _segments;
    private readonly CaptureAppender _appender;
    private readonly List<CaptureRequest> _batch = [];
    private readonly List<(CaptureRequest Request, CaptureEntry? Entry)> _written = [];
    private readonly HashSet<QueueId> _pending = [];
    private long _next;

    public CaptureWriter(CaptureOptions options, Lock gate, CaptureIndex index, CaptureRecovery recovery, ILogger logger)
    {
        (_options, _gate, _index, _logger) = (options, gate, index, logger);
        _segments = recovery.Segments;
        _next = recovery.NextSequence;
        _appender = new CaptureAppender(options.Directory, Math.Clamp(options.MaxBytes / 16, 4 << 10, 64 << 20), recovery.NextNumber);
        Trim();
    }

    public async Task RunAsync(ChannelReader<CaptureRequest> requests)
    {
        while (await requests.WaitToReadAsync())
        {
            long bytes = 0;
            while (_batch.Count < MaxBatch && bytes < MaxBatchBytes && requests.TryRead(out var request))
            {
                bytes += request.Body?.Length ?? 0;
                _batch.Add(request);
            }

            await CommitAsync();
            _batch.Clear();
            _written.Clear();
            _pending.Clear();
        }
    }

    public void Dispose() => _appender.Dispose();

    private async Task CommitAsync()
    {
        try
        {
            foreach (var request in _batch)
                await TakeAsync(request);
            _appender.Commit();
        }
        catch (Exception e)
        {
            LogFailed(_logger, _batch.Count, e);
            _appender.Abandon();
            foreach (var request in _batch)
                request.Done.TrySetException(e as IOException ?? new IOException("the message cannot be captured", e));
            return;
        }

        lock (_gate)
        {
            foreach (var (request, entry) in _written)
                Show(request, entry);
        }

        Trim();
        foreach (var request in _batch)
            request.Done.TrySetResult(true);
    }

    private async Task TakeAsync(CaptureRequest request)
    {
        if (request.Cancellation.IsCancellationRequested)
        {
            request.Done.TrySetCanceled(request.Cancellation);
            return;
        }

        var known = _pending.Contains(request.Id) || IsKept(request.Id);
        if (request.Kind == CaptureKind.Message ? known : request.Kind == CaptureKind.Deleted && !known)
        {
            // A message that is in this very batch is acknowledged with it; a deletion of nothing did nothing.
            if (request.Kind == CaptureKind.Deleted)
                request.Done.TrySetResult(false);
            return;
        }

        if (_appender.Prepare(fresh: request.Kind == CaptureKind.Cleared))
        {
            lock (_gate)
                _segments.Add(_appender.Segment!);
        }

        if (request.Kind == CaptureKind.Message)
            await TakeMessageAsync(request);
        else
            await AppendAsync(request, [], 0);
    }

    private async Task TakeMessageAsync(CaptureRequest request)
    {
        var envelope = request.Envelope!;
        try
        {
            var meta = CaptureMeta.Of(envelope, await SubjectAsync(request.Body!)).ToBytes();
            await AppendAsync(request, meta, envelope.Prologue.Length + request.Body!.Length);
            _pending.Add(request.Id);
        }
        catch (BodyUnreadableException e)
        {
            // Its own fault: the others of the batch go on.
            request.Done.TrySetException(new IOException("the body cannot be read", e.InnerException));
        }
    }

    private async Task AppendAsync(CaptureRequest request, byte[] meta, long rawLength)
    {
        var sequence = _next++;
        var record = new CaptureRecord(request.Kind, sequence, FloorAt(request.Kind, sequence), request.Id, rawLength, meta.Length);
        var offset = await _appender.AppendAsync(record, meta, request.Envelope?.Prologue ?? default, request.Body);
        var entry = request.Kind == CaptureKind.Message
            ? new CaptureEntry(request.Id, sequence, _appender.Segment!, offset, meta.Length, rawLength)
            : null;
        _written.Add((request, entry));
    }

    // Nothing older than the oldest kept message counts; what this batch has written so far is not in the index yet.
    private long FloorAt(CaptureKind kind, long sequence)
    {
        if (kind == CaptureKind.Cleared)
            return sequence;
        var oldestWritten = _written.Find(written => written.Entry is not null).Entry?.Sequence ?? sequence;
        lock (_gate)
            return _index.Floor(oldestWritten);
    }

    private void Show(CaptureRequest request, CaptureEntry? entry)
    {
        switch (request.Kind)
        {
            case CaptureKind.Message:
                _index.Add(entry!);
                Captured.Add(1);
                break;
            case CaptureKind.Deleted:
                _index.Remove(request.Id);
                break;
            default:
                _index.RemoveBelow(_index.Newest(1, null) is [var newest] ? newest.Sequence + 1 : 0);
                break;
        }
    }

    private bool IsKept(QueueId id)
    {
        lock (_gate)
            return _index.Contains(id);
    }

    // Segments go from the oldest end alone: a record of a deletion must outlive the message it is about.
    private void Trim()
    {
        List<CaptureSegment> empty = [];
        lock (_gate)
        {
            var dropped = 0;
            while (_index.Count > _options.MaxMessages && _index.RemoveOldest())
                dropped++;

            var bytes = _segments.Sum(segment => segment.Length);
            while (_segments is [var oldest, _, ..] && (oldest.Kept == 0 || bytes > _options.MaxBytes))
            {
                while (oldest.Kept > 0 && _index.RemoveOldest())
                    dropped++;
                bytes -= oldest.Length;
                _segments.RemoveAt(0);
                empty.Add(oldest);
            }

            Dropped.Add(dropped);
        }

        foreach (var segment in empty)
            Delete(segment);
    }

    private void Delete(CaptureSegment segment)
    {
        try
        {
            File.Delete(segment.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotDeleted(_logger, segment.Path, e);
        }
    }

    private static async ValueTask<string> SubjectAsync(MessageBody body)
    {
        if (body.InMemory is { } whole)
            return SubjectLine.Find(whole.Span[..Math.Min(whole.Length, SubjectLine.Window)]);

        var buffer = ArrayPool<byte>.Shared.Rent(SubjectLine.Window);
        try
        {
            return SubjectLine.Find(buffer.AsSpan(0, await body.ReadAsync(0, buffer)));
        }
        catch (IOException e)
        {
            throw new BodyUnreadableException(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    [LoggerMessage(EventId = 52, Level = LogLevel.Error, Message = "Captured messages: {Count} requests failed")]
    private static partial void LogFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(EventId = 53, Level = LogLevel.Warning, Message = "Captured messages: {Path} cannot be deleted")]
    private static partial void LogNotDeleted(ILogger logger, string path, Exception exception);
}

/// <summary>A message's body cannot be read, as distinct from a disk that cannot be written.</summary>
internal sealed class BodyUnreadableException(IOException inner) : Exception(inner.Message, inner);
