namespace Pillarbox.Queue.RocksDb;

/// <summary>Where the embedded store lies and how much it may use.</summary>
public sealed record RocksDbQueueOptions
{
    /// <summary>The queue's directory, of this store alone; it is made if it is not there. The program uses <c>DATA/queue</c>.</summary>
    public required string Directory { get; init; }

    /// <summary>Octets of one write buffer; up to four are in memory. A message that is delivered while its buffer is in memory is never written to a table.</summary>
    public int WriteBufferSize { get; init; } = 32 * 1024 * 1024;

    /// <summary>Octets of blocks read from tables that are kept in memory.</summary>
    public int BlockCacheSize { get; init; } = 8 * 1024 * 1024;

    /// <summary>New mail is refused when fewer octets are free on the disk: recording outcomes must go on, and tables must be merged.</summary>
    public long MinimumFreeSpace { get; init; } = 256 * 1024 * 1024;

    /// <summary>How many operations may wait for the disk; further callers wait, asynchronously, for one of these places.</summary>
    public int MaxPending { get; init; } = 4096;
}
