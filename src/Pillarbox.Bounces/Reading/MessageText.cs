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
            var own = part.Text ?? "";
            own = own[..Math.Min(own.Length, MaxLength)];
            text.Append(part.IsHtml ? Shown(own) : own).Append('\n');
        }

        // "返回：550": replies stand behind colons of other scripts, too.
        return text.Replace("\uff1a", ": ").ToString();
    }

    /// <summary>The fields of a part that consists of such.</summary>
    public static List<(string Name, string Value)> Fields(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content?.DecodeTo(content);
        var fields = new List<(string, string)>();
        foreach (var line in Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)Math.Min(content.Length, MaxLength)).ReplaceLineEndings("\n").Split('\n').Take(MaxFields))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line[0] is not (' ' or '\t'))
                fields.Add((line[..colon], line[(colon + 1)..].Trim()));
        }

        return fields;
    }

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
