using Microsoft.Extensions.Logging;

namespace Pillarbox.Queue.RocksDb;

/// <summary>What the store says to its operator.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(1, LogLevel.Critical, "The queue failed to write. It takes nothing more until the server is started again; what was acknowledged is safe")]
    public static partial void WriteFailed(ILogger log, Exception cause);

    [LoggerMessage(2, LogLevel.Error, "Message {Id}: a record cannot be read and was set aside under the key x{Key}")]
    public static partial void SetAside(ILogger log, QueueId id, string key, Exception cause);

    [LoggerMessage(3, LogLevel.Information, "Swept {Count} bodies that belonged to no message")]
    public static partial void Swept(ILogger log, int count);

    [LoggerMessage(4, LogLevel.Error, "The queue cannot be read at {From}; {Count} ids are passed over, and what lies there stays there")]
    public static partial void PassedOver(ILogger log, QueueId from, ulong count, Exception cause);

    [LoggerMessage(5, LogLevel.Warning, "The body of message {Id}, which is gone, could not be deleted; the next start sweeps it")]
    public static partial void BodyNotDeleted(ILogger log, QueueId id, Exception cause);

    [LoggerMessage(6, LogLevel.Warning, "The queue's buffers could not be written at the end; the next start reads the log instead")]
    public static partial void NotFlushed(ILogger log, Exception cause);
}
