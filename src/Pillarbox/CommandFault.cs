namespace Pillarbox;

/// <summary>Ends a command: its message, one line, goes to standard error.</summary>
internal sealed class CommandFault : Exception
{
    public CommandFault()
    {
    }

    public CommandFault(string message)
        : base(message)
    {
    }

    public CommandFault(string message, Exception? cause)
        : base(message, cause)
    {
    }

    /// <summary>The exit status.</summary>
    public int ExitCode { get; init; } = Pillarbox.ExitCode.Refused;
}
