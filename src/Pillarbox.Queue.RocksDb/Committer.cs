using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Pillarbox.Queue.Threads;
using RocksDbSharp;

namespace Pillarbox.Queue.RocksDb;

/// <summary>How a batch is written; a test puts a failing disk here.</summary>
internal delegate void SyncedWrite(WriteBatch batch);

/// <summary>
/// The one thread that writes. What sessions enqueue while it waits for the disk goes into its next batch: one synced write for all.
/// It never runs a session's code, since that would hold up everybody's next sync; the <see cref="CompletionThread"/> does.
/// </summary>
internal sealed class Committer : IDisposable
{
    // A batch is copied twice on its way to the disk; beyond this size another sync costs less than the memory.
    private const int MaxBatchSize = 4 * 1024 * 1024;

    private const string Stopped = "the queue failed to write, and takes nothing more until the server is started again";

    private readonly HandOver<Commit> _pending = new();
    private readonly CompletionThread _completions = new("queue completions");
    private readonly SemaphoreSlim _places;
    private readonly BatchBuilder _builder;
    private readonly SyncedWrite _write;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private readonly List<Commit> _group = [];
    private Exception? _failure;

    public Committer(Database database, SyncedWrite write, int maxPending, ILogger log)
    {
        _builder = new BatchBuilder(database);
        _write = write;
        _places = new SemaphoreSlim(maxPending);
        _log = log;
        _thread = new Thread(Run) { IsBackground = true, Name = "queue commits" };
        _thread.Start();
    }

    /// <summary>Whether a write failed, so that nothing is written any more. To be asked after <see cref="Dispose"/>.</summary>
    public bool Failed => _failure is not null;

    /// <summary>Completes when a place is free among those who wait for the disk. Each place is given back by <see cref="Enqueue"/>'s commit.</summary>
    public Task WaitForPlaceAsync(CancellationToken cancellationToken) => _places.WaitAsync(cancellationToken);

    /// <summary>Hands an operation in. Its task completes when it is on the disk.</summary>
    public ValueTask<CommitOutcome> Enqueue(Commit commit)
    {
        // Taken first: once handed in, the commit may be completed at any time, though not yet used again.
        var task = commit.Task;
        ObjectDisposedException.ThrowIf(!_pending.TryAdd(commit), this);
        return task;
    }

    /// <summary>Commits what was handed in, then ends both threads. Blocks.</summary>
    public void Dispose()
    {
        _pending.Close();
        _thread.Join();
        _completions.Dispose();
        _builder.Dispose();
        _places.Dispose();
    }

    private void Run()
    {
        List<Commit> taken = [];
        while (_pending.TakeAll(ref taken))
        {
            for (var next = 0; next < taken.Count;)
                next = CommitGroup(taken, next);
            taken.Clear();
        }
    }

    /// <summary>The promise, for all who came at the same time.</summary>
    /// <returns>Where the next group begins.</returns>
    private int CommitGroup(List<Commit> taken, int next)
    {
        // 1. Gather what belongs together: each operation whole, and one that fails by itself leaves nothing in the batch.
        _builder.Clear();
        _group.Clear();
        for (var size = 0; next < taken.Count && size < MaxBatchSize; next++)
        {
            Prepare(taken[next]);
            _group.Add(taken[next]);
            size += taken[next].Size;
        }

        // 2. Write and sync. On return the log that holds the batch is on the disk, and so is its name.
        //    After a failed sync nothing is acknowledged any more: the kernel may have dropped the pages that it could not write and
        //    report success next time, so only a store that is opened anew, and reads what is there, knows what it has.
        if (_failure is not null)
            FailAll(cause => new QueueStoppedException(Stopped, cause));
        else if (!_builder.IsEmpty && !TryWriteSynced())
            FailAll(cause => new FailedWriteException(Stopped, cause));

        // 3. Only now, and on another thread, do the callers go on.
        _places.Release(_group.Count);
        _completions.Add(_group);
        return next;
    }

    private void Prepare(Commit commit)
    {
        try
        {
            if (_failure is null)
                commit.Result = _builder.Add(commit);
        }
        catch (Exception e)
        {
            // This operation's own fault: a record that cannot be read, a recipient that does not exist. The others go on.
            commit.Error = e;
        }
    }

    private void FailAll(Func<Exception, IOException> toFault)
    {
        foreach (var commit in _group)
            commit.Error = toFault(_failure!);
    }

    private bool TryWriteSynced()
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            _write(_builder.Complete());
        }
        catch (Exception e)
        {
            _failure = e;
            QueueMetrics.CommitFailures.Add(1);
            QueueLog.WriteFailed(_log, e);
            return false;
        }

        QueueMetrics.CommitDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        QueueMetrics.CommitSize.Record(_group.Count);
        var (added, removed) = _builder.Counts;
        QueueMetrics.Accepted.Add(added);
        QueueMetrics.Removed.Add(removed);
        return true;
    }
}
