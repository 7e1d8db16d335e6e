using System.Collections.Concurrent;

namespace Pillarbox.Delivery.Maildir;

/// <summary>
/// Threads for work on files, which blocks (a sync takes milliseconds): neither a thread that serves connections nor one that the whole
/// process shares waits for a disk. What is started here goes on here after each await.
/// </summary>
internal sealed class FileThreads : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> _tasks = [];
    private readonly int _count;

    public FileThreads(int count)
    {
        _count = count;
        for (var i = 0; i < count; i++)
            new Thread(Serve) { IsBackground = true, Name = "maildir" }.Start();
    }

    public override int MaximumConcurrencyLevel => _count;

    /// <summary>Runs asynchronous work here from its beginning to its end.</summary>
    public Task RunAsync(Func<Task> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    public void Dispose() => _tasks.CompleteAdding();

    protected override void QueueTask(Task task) => _tasks.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _tasks];

    private void Serve()
    {
        foreach (var task in _tasks.GetConsumingEnumerable())
            TryExecuteTask(task);
    }
}
