using System.Collections.Concurrent;

namespace Pillarbox.Trust.Accounts;

/// <summary>
/// Runs costly checks of passwords on threads of its own: few, so that a flood of logins takes neither all processors nor all
/// memory; not the pool's, so that it starves nothing; and never the caller's, which may be the one that serves sockets.
/// </summary>
internal sealed class PasswordWorkers : IDisposable
{
    private readonly BlockingCollection<Work> _work;
    private readonly int _threads;
    private int _started;
    private int _disposed;

    /// <param name="threads">How many checks run at once.</param>
    /// <param name="waiting">How many may wait; further ones are turned away.</param>
    public PasswordWorkers(int threads, int waiting)
    {
        _threads = threads;
        _work = new BlockingCollection<Work>(waiting);
    }

    /// <summary>Runs a check.</summary>
    /// <returns>Its answer, or <see langword="null"/> at once where too many wait.</returns>
    public Task<LoginAnswer?> RunAsync(Func<LoginAnswer> check, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            for (var i = 0; i < _threads; i++)
                new Thread(Serve) { IsBackground = true, Name = $"passwords {i}" }.Start();
        }

        var work = new Work(check, cancellationToken);
        return _work.TryAdd(work) ? work.Answer : Task.FromResult<LoginAnswer?>(null);
    }

    /// <summary>Ends the threads once they are done with what waits.</summary>
    public void Dispose()
    {
        // A container that knows one object under two names disposes of it twice.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _work.CompleteAdding();
        if (Volatile.Read(ref _started) == 0)
            _work.Dispose();
    }

    private void Serve()
    {
        foreach (var work in _work.GetConsumingEnumerable())
            work.Run();
    }

    // Its continuations run on the thread that checked: were they to go by the pool, a starved pool would hold up the replies.
    private sealed class Work(Func<LoginAnswer> check, CancellationToken cancellationToken)
    {
        private readonly TaskCompletionSource<LoginAnswer?> _answer = new();

        public Task<LoginAnswer?> Answer => _answer.Task;

        public void Run()
        {
            // A client that is gone meanwhile costs nothing more.
            if (cancellationToken.IsCancellationRequested)
            {
                _answer.TrySetCanceled(cancellationToken);
                return;
            }

            try
            {
                _answer.TrySetResult(check());
            }
            catch (Exception fault)
            {
                _answer.TrySetException(fault);
            }
        }
    }
}
