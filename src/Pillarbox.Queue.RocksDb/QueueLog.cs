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

    [LoggerMessage(4, LogLevel.Error, "The queue cannot be read between messages {From} and {To}; what lies there is passed over")]
    public static partial void PassedOver(ILogger log, QueueId from, QueueId to, Exception cause);

    [LoggerMessage(5, LogLevel.Warning, "The body of message {Id}, which is gone, could not be deleted; the next start sweeps it")]
    public static partial void BodyNotDeleted(ILogger log, QueueId id, Exception cause);
}
