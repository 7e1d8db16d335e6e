namespace Pillarbox.Queue.Bodies;

/// <summary>
/// Refuses new mail while the disk still has room for the store to work: a store that runs into a full disk cannot even record
/// what was delivered. The disk is asked once a second at most.
/// </summary>
internal sealed class FreeSpace(string directory, long reserve, TimeProvider time)
{
    private long _asked = long.MinValue;
    private long _free = long.MaxValue;

    /// <summary>Throws when fewer octets are free than are kept in reserve.</summary>
    /// <exception cref="StorageFullException">The disk is nearly full.</exception>
    public void Demand()
    {
        var now = time.GetTimestamp();
        var asked = Volatile.Read(ref _asked);
        if (asked == long.MinValue)
        {
            // At the start, and not on a session's thread.
            Volatile.Write(ref _asked, now);
            Ask();
        }
        else if (time.GetElapsedTime(asked, now) >= TimeSpan.FromSeconds(1) && Interlocked.CompareExchange(ref _asked, now, asked) == asked)
        {
            // A file system that hangs must not hold up whoever asks: what was found last stands until there is an answer.
            ThreadPool.UnsafeQueueUserWorkItem(static space => space.Ask(), this, preferLocal: false);
        }

        var free = Volatile.Read(ref _free);
        if (free < reserve)
            throw new StorageFullException($"the disk of {directory} has {free:N0} octets free, and {reserve:N0} are kept in reserve");
    }

    private void Ask()
    {
        try
        {
            Volatile.Write(ref _free, new DriveInfo(directory).AvailableFreeSpace);
        }
        catch (IOException)
        {
            // Nobody knows; a write will tell.
        }
    }
}
