namespace Pillarbox.Queue.Threads;

/// <summary>
/// The thread on which those go on who awaited the store. It stands between the thread that commits, which must never run a session's
/// code, and the thread pool, which a blocked request elsewhere in the process may starve. Code that goes on here must not block.
/// </summary>
internal sealed class CompletionThread : IDisposable
{
    private readonly HandOver<ICompletable> _completed = new();
    private readonly Thread _thread;

    public CompletionThread(string name)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Completes operations, in order, soon.</summary>
    public void Add(IReadOnlyList<ICompletable> completed)
    {
        ObjectDisposedException.ThrowIf(!_completed.TryAdd(completed), this);
    }

    /// <inheritdoc cref="Add(IReadOnlyList{ICompletable})"/>
    public void Add(ICompletable completed)
    {
        ObjectDisposedException.ThrowIf(!_completed.TryAdd(completed), this);
    }

    /// <summary>Completes what was added and ends the thread. Blocks: not to be called on the thread itself.</summary>
    public void Dispose()
    {
        _completed.Close();
        _thread.Join();
    }

    private void Run()
    {
        List<ICompletable> batch = [];
        while (_completed.TakeAll(ref batch))
        {
            foreach (var operation in batch)
                operation.Complete();
            batch.Clear();
        }
    }
}
