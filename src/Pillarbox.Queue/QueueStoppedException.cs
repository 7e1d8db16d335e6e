namespace Pillarbox.Queue;

/// <summary>
/// The store failed to write, and takes nothing more until it is opened anew: to try again is of no use before the next start.
/// What it acknowledged is safe.
/// </summary>
public class QueueStoppedException : IOException
{
    public QueueStoppedException()
    {
    }

    public QueueStoppedException(string message)
        : base(message)
    {
    }

    public QueueStoppedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
