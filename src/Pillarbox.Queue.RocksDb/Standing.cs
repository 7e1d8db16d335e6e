namespace Pillarbox.Queue.RocksDb;

/// <summary>
/// What the committing thread knows of a message, so that it need not ask the disk: which recipients are done, and which have a record
/// in the store. Of a message that nobody has tried yet, only the number of recipients.
/// </summary>
internal sealed class Standing(int recipients, bool bodyInFile)
{
    // Allocated with the first record; most messages are done at once and never have one.
    private Marks[]? _marks;
    private int _done;

    [Flags]
    private enum Marks : byte
    {
        Recorded = 1,
        Done = 2,
    }

    /// <summary>Whether the body has a file of its own.</summary>
    public bool BodyInFile { get; } = bodyInFile;

    /// <summary>How many recipients the message has.</summary>
    public int Recipients { get; } = recipients;

    /// <summary>Whether no recipient is left.</summary>
    public bool AllDone => _done == Recipients;

    /// <summary>The message as it was read from the store.</summary>
    public static Standing Of(StoredMessage stored)
    {
        var standing = new Standing(stored.Message.Recipients.Length, stored.BodyInFile);
        for (var i = 0; i < standing.Recipients; i++)
        {
            if (stored.Message.Recipients[i] is null)
                standing.SetDone(i);
            // Whether one that is not done has a record is not known here; a deletion too many does no harm.
            standing.SetRecorded(i);
        }

        return standing;
    }

    /// <summary>Whether the recipient is done.</summary>
    public bool IsDone(int recipient) => (Of(recipient) & Marks.Done) != 0;

    /// <summary>Whether the store has, or may have, a record of the recipient.</summary>
    public bool HasRecord(int recipient) => (Of(recipient) & Marks.Recorded) != 0;

    /// <summary>Notes a recipient that is done.</summary>
    public void SetDone(int recipient)
    {
        if (IsDone(recipient))
            return;
        _done++;
        if (Recipients > 1)
            (_marks ??= new Marks[Recipients])[recipient] |= Marks.Done;
    }

    /// <summary>Notes a recipient that has a record.</summary>
    public void SetRecorded(int recipient) => (_marks ??= new Marks[Recipients])[recipient] |= Marks.Recorded;

    private Marks Of(int recipient) => _marks is null ? default : _marks[recipient];
}
