using System.Text;

namespace Pillarbox.EndToEnd.Tests.Durability;

/// <summary>Messages that can be told apart and checked to the last octet wherever they turn up.</summary>
internal static class TestMessage
{
    /// <summary>The text of the message with this token, about so many octets long; always the same for the same arguments.</summary>
    public static string Text(string token, int size)
    {
        var text = new StringBuilder(size + 200).Append("Subject: ").Append(token).Append("\r\nX-Size: ").Append(size).Append("\r\n\r\n");
        for (var line = 0; text.Length < size; line++)
            text.Append(token).Append(' ').Append(line).Append(" abcdefghijklmnopqrstuvwxyz0123456789\r\n");
        return text.Append("end of ").Append(token).Append("\r\n").ToString();
    }

    /// <summary>The token of a message in a file that keeps it, if the message is there whole.</summary>
    /// <param name="kept">The file's text, with line feeds.</param>
    public static string? TokenOfWhole(string kept)
    {
        if (Field(kept, "\nSubject: ") is not { } token || Field(kept, "\nX-Size: ") is not { } size)
            return null;
        var whole = Text(token, int.Parse(size)).Replace("\r\n", "\n", StringComparison.Ordinal);
        return kept.Contains(whole, StringComparison.Ordinal) ? token : null;
    }

    private static string? Field(string kept, string name)
    {
        var at = kept.IndexOf(name, StringComparison.Ordinal);
        var end = at < 0 ? -1 : kept.IndexOf('\n', at + name.Length);
        return end < 0 ? null : kept[(at + name.Length)..end];
    }
}
