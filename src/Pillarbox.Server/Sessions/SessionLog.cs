using System.Collections.Concurrent;

namespace Pillarbox.Server.Sessions;

/// <summary>What was said in the sessions that run and in the latest that ended. In memory, bounded.</summary>
public sealed class SessionLog
{
    private readonly int _kept;
    private readonly ConcurrentDictionary<long, SmtpSession> _running = new();
    private readonly ConcurrentQueue<EndedSession> _ended = new();

    internal SessionLog(int kept) => _kept = kept;

    internal ICollection<SmtpSession> Running => _running.Values;

    /// <summary>The latest sessions, newest first, running ones included.</summary>
    public IReadOnlyList<SessionTranscript> Recent(int count) =>
        [.. _running.Values.Select(session => session.Described)
            .Concat(_ended)
            .DistinctBy(session => session.Number)
            .OrderByDescending(session => session.Number)
            .Take(count)
            .Select(session => session.ToTranscript())];

    /// <summary>A session by its name, or <see langword="null"/> when it is not known any more.</summary>
    public SessionTranscript? Find(string id) =>
        _running.Values.Select(session => session.Described).Concat(_ended)
            .FirstOrDefault(session => session.Id == id)?.ToTranscript();

    internal void Add(SmtpSession session) => _running[session.Number] = session;

    internal void End(SmtpSession session, bool kept)
    {
        if (kept)
            _ended.Enqueue(session.Described);
        _running.TryRemove(session.Number, out _);
        while (_ended.Count > _kept)
            _ended.TryDequeue(out _);
    }
}

/// <summary>A session's particulars with its transcript still in bytes.</summary>
internal sealed record EndedSession(
    long Number, string Listener, string Client, DateTimeOffset Started, DateTimeOffset? Ended, TranscriptBuffer Transcript)
{
    /// <summary>The session's name: its number, in hexadecimal.</summary>
    public string Id => SessionId.Format(Number);

    public SessionTranscript ToTranscript() => new(Id, Listener, Client, Started, Ended, Transcript.Read(Started));
}

/// <summary>How a session is named in logs and in the console.</summary>
internal static class SessionId
{
    public static string Format(long number) => number.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
}
