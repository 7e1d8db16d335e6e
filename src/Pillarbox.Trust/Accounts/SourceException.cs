namespace Pillarbox.Trust.Accounts;

/// <summary>A source of accounts cannot say: it is down, slow, or answers what makes no sense. The message is one line, for a log.</summary>
public sealed class SourceException : Exception
{
    /// <param name="message">What is wrong, in a line without secrets.</param>
    public SourceException(string message)
        : base(message)
    {
    }

    /// <param name="message">What is wrong, in a line without secrets.</param>
    /// <param name="cause">What it was seen by.</param>
    public SourceException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
