using System.Text;
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

    /// <summary>Whether it begins as a message does: two header fields or more, of which one is known from mail.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> octets)
    {
        var text = Encoding.UTF8.GetString(octets[..Math.Min(octets.Length, 16 << 10)]);
        var (fields, known) = (0, false);
        foreach (var line in text.Split('\n'))
        {
            var field = line.TrimEnd('\r');
            if (field.Length == 0)
                break;
            if (field[0] is ' ' or '\t' || (fields == 0 && field.StartsWith("From ", StringComparison.Ordinal)))
                continue;
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || field.AsSpan(0, colon).ContainsAnyExcept(Names))
                return false;
            fields++;
            known |= Known.Contains(field[..colon], StringComparer.OrdinalIgnoreCase);
        }

        return fields >= 2 && known;
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
            lines.AddRange(ReplyReference.TextLines(explanation));
            if (explanation.Wording?.Evidence is { Length: > 0 } evidence)
                lines.Add($"{language.Label("label evidence")} {evidence.ReplaceLineEndings(" ")}");
            if (ReplyReference.LetterLines(explanation, address) is { Count: > 0 } letter)
                lines.AddRange(["", .. letter]);
        }

        return lines;
    }

    private static readonly System.Buffers.SearchValues<char> Names =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    private static readonly string[] Known =
        ["From", "To", "Subject", "Date", "Received", "Return-Path", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted", "Delivered-To", "X-Failed-Recipients"];
}
