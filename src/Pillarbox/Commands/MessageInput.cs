using Pillarbox.Bounces;
using Pillarbox.Reference;

namespace Pillarbox.Commands;

/// <summary>What standard input holds for <c>explain -</c>: a whole message, or a reply as text.</summary>
internal static class MessageInput
{
    /// <summary>Reads as much of standard input as a message may have.</summary>
    public static async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        using var input = Console.OpenStandardInput();
        using var start = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (start.Length < MessageReader.MaxLength && await input.ReadAsync(buffer, cancellationToken) is var read and > 0)
            start.Write(buffer, 0, (int)Math.Min(read, MessageReader.MaxLength - start.Length));
        return start.ToArray();
    }

    /// <summary>The lines that tell people of a message, a recipient after the other.</summary>
    public static IReadOnlyList<string> Lines(MessageReport report)
    {
        var language = ReferenceLanguage.For(report.Lang);
        List<string> lines = [language.Label($"kind {report.KindName}")];
        foreach (var (address, explanation) in report.Recipients)
        {
            lines.Add("");
            lines.Add($"{language.Label("label recipient")} {address ?? "?"}");
            lines.AddRange(ReplyReference.TextLines(explanation, TerminalText.Width));
            if (explanation.Wording?.Evidence is { Length: > 0 } evidence)
                lines.AddRange(TextWrap.Lines($"{language.Label("label evidence")} {evidence.ReplaceLineEndings(" ")}", TerminalText.Width, "  "));
            if (ReplyReference.LetterLines(explanation, address, TerminalText.Width) is { Count: > 0 } letter)
                lines.AddRange(["", .. letter]);
        }

        return lines;
    }
}
