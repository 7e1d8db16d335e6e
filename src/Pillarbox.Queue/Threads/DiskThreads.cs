using System.Collections.Concurrent;

namespace Pillarbox.Queue.Threads;

/// <summary>
/// A few threads that wait for the disk on behalf of large bodies: .NET's asynchronous file calls wait on the thread pool, which a
/// blocked request elsewhere in the process may starve. Whoever awaits goes on on the thread that did the work, and must not block.
/// </summary>
internal sealed class DiskThreads : IDisposable
{
    private readonly BlockingCollection<Operation> _work = [];
    private readonly Thread[] _threads;

    public DiskThreads(int count, string name)
    {
        _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(Run) { IsBackground = true, Name = name })];
        foreach (var thread in _threads)
            thread.Start();
    }

    /// <summary>Runs <paramref name="work"/> on one of the threads.</summary>
    public async ValueTask RunAsync(Action work)
    {
        var operation = new Operation(work);
        var task = operation.Task;
        try
        {
            _work.Add(operation);
        }
        catch (InvalidOperationException e)
        {
            throw new ObjectDisposedException("the queue's store", e);
        }

        await task;
    }

    /// <summary>Does what was handed in and ends the threads. Blocks: not to be called on one of them.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        foreach (var thread in _threads)
            thread.Join();
        _work.Dispose();
    }

    private void Run()
    {
        foreach (var operation in _work.GetConsumingEnumerable())
            operation.Execute();
    }

    private sealed class Operation(Action work) : Completion<bool>
    {
        public void Execute()
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                Error = e;
            }

            Complete();
        }

        protected override void Recycle()
        {
        }
    }
}
