using System.Buffers;
using System.Globalization;
using Pillarbox.Reference;
using Pillarbox.Server.Sessions;

namespace Pillarbox.WebConsole.Pages;

/// <summary>A line of a transcript; the last one of a reply has what the reply means.</summary>
internal sealed record ConversationLine(TranscriptLine Line, Explanation? Meaning);

/// <summary>Reads a transcript as a conversation: which reply answers which command, though commands may come in a batch (RFC 2920).</summary>
internal sealed class Conversation
{
    private static readonly SearchValues<char> DigitsAndDots = SearchValues.Create("0123456789.");

    private readonly Queue<string> _unanswered = new();
    private string _last = "connection";
    private int _lastCode;

    private Conversation()
    {
    }

    public static IReadOnlyList<ConversationLine> Of(IReadOnlyList<TranscriptLine> lines)
    {
        var conversation = new Conversation();
        return [.. lines.Select(line => new ConversationLine(line, conversation.Take(line)))];
    }

    private Explanation? Take(TranscriptLine line)
    {
        if (!line.FromServer)
        {
            // After 334 comes an answer to a challenge, not a verb (RFC 4954 §4).
            _unanswered.Enqueue(_lastCode == 334 && _unanswered.Count == 0 ? "AUTH" : Verb(line.Text));
            return null;
        }

        if (!IsLastLine(line.Text, out var code))
            return null;
        if (_unanswered.TryDequeue(out var command))
            _last = command;
        else if (_lastCode == 354)
            _last = "endOfData";
        _lastCode = code;
        return ReplyReference.Explain(code, Enhanced(line.Text), new ReplyContext(_last));
    }

    private static string Verb(string text)
    {
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).ToUpperInvariant();
    }

    private static bool IsLastLine(string text, out int code)
    {
        code = 0;
        return text.Length >= 3 && (text.Length == 3 || text[3] == ' ')
            && int.TryParse(text.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out code);
    }

    private static string? Enhanced(string text)
    {
        var rest = text.Length > 4 ? text.AsSpan(4) : default;
        var end = rest.IndexOf(' ');
        var word = end < 0 ? rest : rest[..end];
        return word is [>= '2' and <= '5', '.', ..] && word[2..].Contains('.') && !word.ContainsAnyExcept(DigitsAndDots) ? word.ToString() : null;
    }
}
