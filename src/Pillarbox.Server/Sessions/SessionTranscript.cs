namespace Pillarbox.Server.Sessions;

/// <summary>A line of a session as it went over the wire, secrets masked.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="FromServer">Whether the server said it.</param>
/// <param name="Text">The line without its CRLF; hostile when the client said it.</param>
public sealed record TranscriptLine(DateTimeOffset At, bool FromServer, string Text);

/// <summary>What was said in a session.</summary>
/// <param name="Id">The session's name.</param>
/// <param name="Listener">The listener's name.</param>
/// <param name="Client">The client's address.</param>
/// <param name="Started">When it began, in UTC.</param>
/// <param name="Ended">When it ended; <see langword="null"/> while it runs.</param>
/// <param name="Lines">What was said; of a long session the middle is left out.</param>
public sealed record SessionTranscript(
    string Id, string Listener, string Client, DateTimeOffset Started, DateTimeOffset? Ended, IReadOnlyList<TranscriptLine> Lines);
