using System.Net;

namespace Pillarbox.WebConsole;

/// <summary>Where the console is, and what lets programs change things through it.</summary>
public sealed record ConsoleOptions
{
    /// <summary>The address that it was told to listen on; requests that name another host are refused.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>The file that takes the API's token, made anew at each start and readable by its owner alone.</summary>
    public required string TokenFile { get; init; }

    /// <summary>Whether every message is captured and none sent on, which the pages then say.</summary>
    public bool IsEvaluation { get; init; }
}
