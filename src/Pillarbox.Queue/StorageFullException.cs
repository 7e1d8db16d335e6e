namespace Pillarbox.Queue;

/// <summary>There is no room for the message now: the client gets 452 4.3.1.</summary>
public sealed class StorageFullException(string message) : IOException(message);
