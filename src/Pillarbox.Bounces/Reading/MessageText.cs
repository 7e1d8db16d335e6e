using System.Text;
using MimeKit;
using MimeKit.Text;

namespace Pillarbox.Bounces.Reading;

/// <summary>What a message says to people.</summary>
internal static class MessageText
{
    private const int MaxLength = 256 << 10;
    private const int MaxParts = 20;
    private const int MaxFields = 500;

    /// <summary>The text of the message's own parts, in order; of HTML what it shows. A message that lies within is not read.</summary>
    public static string Of(MimeMessage message)
    {
        var text = new StringBuilder();
        foreach (var part in message.BodyParts.OfType<TextPart>().Take(MaxParts))
        {
            // A text/rfc822-headers part is the returned header section.
            if (part.ContentType.IsMimeType("text", "rfc822-headers") || text.Length > MaxLength)
                continue;
            var own = Foreign.TextOf(part, message);
            own = own[..Math.Min(own.Length, MaxLength)];
            text.Append(part.IsHtml ? Shown(own) : own).Append('\n');
        }

        // Parts that could not be told apart: all of it stands ahead of the first of them.
        if (string.IsNullOrWhiteSpace(text.ToString()))
        {
            foreach (var parts in Multiparts(message.Body, 0))
                text.Append(parts.Preamble).Append('\n').Append(parts.Epilogue).Append('\n');
            text.Length = Math.Min(text.Length, MaxLength);
        }

        // "返回：550": replies stand behind colons of other scripts, too.
        return text.Replace("\uff1a", ": ").ToString();
    }

    /// <summary>The fields of a part that consists of such.</summary>
    public static List<(string Name, string Value)> Fields(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content?.DecodeTo(content);
        return Fields(Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)Math.Min(content.Length, MaxLength)));
    }

    /// <summary>The fields of a text that consists of such.</summary>
    public static List<(string Name, string Value)> Fields(string text)
    {
        var fields = new List<(string, string)>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Take(MaxFields))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.Length > 0 && line[0] is ' ' or '\t' && fields.Count > 0)
                fields[^1] = (fields[^1].Item1, $"{fields[^1].Item2} {line.Trim()}".Trim());
            else if (colon > 0)
                fields.Add((line[..colon], line[(colon + 1)..].Trim()));
        }

        return fields;
    }

    private static IEnumerable<Multipart> Multiparts(MimeEntity? entity, int depth) =>
        entity is Multipart parts && depth < MaxParts ? parts.Take(MaxParts).SelectMany(part => Multiparts(part, depth + 1)).Prepend(parts) : [];

    private static string Shown(string html)
    {
        var text = new StringBuilder();
        using var reader = new StringReader(html);
        var tokenizer = new HtmlTokenizer(reader) { DecodeCharacterReferences = true };
        var hidden = 0;
        while (tokenizer.ReadNextToken(out var token))
        {
            if (token is HtmlDataToken data && hidden == 0 && token.Kind == HtmlTokenKind.Data)
                text.Append(data.Data);
            if (token is not HtmlTagToken tag)
                continue;
            if (tag.Id is HtmlTagId.Style or HtmlTagId.Script or HtmlTagId.Title)
                hidden = tag.IsEndTag ? 0 : tag.IsEmptyElement ? hidden : 1;
            if (tag.Id is HtmlTagId.Br or HtmlTagId.P or HtmlTagId.Div or HtmlTagId.TR or HtmlTagId.LI or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 or HtmlTagId.Pre)
                text.Append('\n');
            else if (tag.Id is HtmlTagId.TD)
                text.Append(' ');
        }

        return text.ToString();
    }
}
