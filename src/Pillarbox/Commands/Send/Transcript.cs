using Pillarbox.Delivery.Client;
using Pillarbox.Protocol.Replies;
using Pillarbox.Reference;

namespace Pillarbox.Commands.Send;

/// <summary>Who a line of a session came from.</summary>
internal enum LineFrom
{
    Client,
    Server,

    /// <summary>Not on the wire: what happened besides.</summary>
    Note,
}

/// <summary>A line of the session, and what it means where it is a reply.</summary>
internal sealed record SessionLine(DateTimeOffset At, LineFrom From, string Text, Explanation? Explanation = null);

/// <summary>Keeps a session as it goes and shows it to a person; each reply is explained as the answer to its command.</summary>
/// <param name="time">The clock.</param>
/// <param name="output">Where it is shown.</param>
/// <param name="language">The language of explanations.</param>
internal sealed class Transcript(TimeProvider time, TextWriter output, string language) : ISmtpObserver, IDisposable
{
    private const int Width = 78;
    private const string Indent = "       ";

    // With PIPELINING several commands go ahead of their replies. The greeting answers no command.
    private readonly Queue<string> _unanswered = new(["connection"]);
    private readonly List<SessionLine> _lines = [];

    /// <summary>The session so far.</summary>
    public IReadOnlyList<SessionLine> Lines => _lines;

    /// <inheritdoc/>
    public void Command(string line)
    {
        // What answers a challenge belongs to AUTH.
        var verb = line.Split(' ', 2)[0].ToUpperInvariant();
        _unanswered.Enqueue(verb is "****" ? "AUTH" : verb);
        Add(new SessionLine(time.GetUtcNow(), LineFrom.Client, line));
        output.WriteLine($"C: {line}");
    }

    /// <inheritdoc/>
    public void Reply(RemoteReply reply)
    {
        var command = _unanswered.TryDequeue(out var verb) ? verb : null;
        if (command == "DATA" && reply.Code == 354)
            _unanswered.Enqueue("endOfData");
        var explanation = Explain(reply, command);
        var lines = Wire(reply);
        for (var i = 0; i < lines.Count; i++)
        {
            Add(new SessionLine(time.GetUtcNow(), LineFrom.Server, lines[i], i == lines.Count - 1 ? explanation : null));
            output.WriteLine($"S: {lines[i]}");
        }

        if (explanation is not null)
            Show(explanation, isNegative: reply.Code >= 400);
    }

    /// <inheritdoc/>
    public void Note(string text)
    {
        Add(new SessionLine(time.GetUtcNow(), LineFrom.Note, text));
        output.WriteLine($"-- {text}");
    }

    /// <summary>The session is over.</summary>
    public void Finish() => output.Flush();

    /// <inheritdoc/>
    public void Dispose() => output.Flush();

    private void Add(SessionLine line) => _lines.Add(line);

    private void Show(Explanation explanation, bool isNegative)
    {
        if (!isNegative)
        {
            output.WriteLine($"{Indent}{explanation.Label}: {explanation.Name}");
            return;
        }

        foreach (var line in ReplyReference.TextLines(explanation, Width - Indent.Length))
            output.WriteLine($"{Indent}{line}");
    }

    private Explanation? Explain(RemoteReply reply, string? command)
    {
        var context = new ReplyContext(command, language);
        return Explainer.ExplainText(reply.ToString(), context)
            ?? ReplyReference.Explain(reply.Code, reply.Status.IsNone ? null : reply.Status.ToString(), context);
    }

    // As it came over the wire, as far as the reader kept it (RFC 5321 §4.2.1).
    private static List<string> Wire(RemoteReply reply)
    {
        var status = reply.Status.IsNone ? "" : $"{reply.Status} ";
        var texts = reply.Text.Split('\n');
        return [.. texts.Select((text, i) => $"{reply.Code}{(i < texts.Length - 1 ? '-' : ' ')}{status}{text}".TrimEnd())];
    }
}
