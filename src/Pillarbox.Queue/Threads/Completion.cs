using System.Threading.Tasks.Sources;

namespace Pillarbox.Queue.Threads;

/// <summary>
/// An operation's end, awaited by one caller. It is completed by a <see cref="CompletionThread"/>, and what awaits it goes on right there:
/// no hop through the thread pool, which may be starved, and no allocation, since one that was awaited is used again.
/// </summary>
internal abstract class Completion<T> : IValueTaskSource<T>, ICompletable
{
    private ManualResetValueTaskSourceCore<T> _core = new() { RunContinuationsAsynchronously = false };

    /// <summary>What the caller gets, unless <see cref="Error"/> is set.</summary>
    public T? Result { get; set; }

    /// <summary>What the caller's await throws.</summary>
    public Exception? Error { get; set; }

    /// <summary>What the caller awaits, once.</summary>
    public ValueTask<T> Task => new(this, _core.Version);

    /// <inheritdoc/>
    public void Complete()
    {
        // Whoever awaits may have put this object to its next use before either call returns: nothing touches it afterwards.
        if (Error is { } error)
            _core.SetException(error);
        else
            _core.SetResult(Result!);
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            Result = default;
            Error = null;
            Recycle();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>The caller has its result: the object is free for its next use.</summary>
    protected abstract void Recycle();
}

/// <summary>Something that a <see cref="CompletionThread"/> completes.</summary>
internal interface ICompletable
{
    /// <summary>Lets whoever awaits go on, on this thread.</summary>
    void Complete();
}
