namespace Pillarbox.Queue.RocksDb;

/// <summary>A synced write failed: what it held may or may not be on the disk, and only reading the disk anew will tell.</summary>
internal sealed class FailedWriteException(string message, Exception cause) : QueueStoppedException(message, cause);
