namespace Pillarbox.Queue.Records;

/// <summary>A record in the store is not what was written there.</summary>
internal sealed class CorruptRecordException : IOException
{
    public CorruptRecordException()
    {
    }

    public CorruptRecordException(string message)
        : base(message)
    {
    }

    public CorruptRecordException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
