using System.Text;
using System.Text.Unicode;
using MimeKit;

namespace Pillarbox.Bounces.Reading;

/// <summary>
/// Text and subjects in a charset that nothing names, as servers of the countries in question sent them before all agreed on UTF-8.
/// </summary>
internal static class Foreign
{
    private const string Shift = "\u001b$";

    // What a country's servers wrote in, by the domain of the sender.
    private static readonly (string Domain, string Charset)[] Countries =
    [
        (".cn", "gb18030"), ("@163.com", "gb18030"), ("@126.com", "gb18030"), ("@qq.com", "gb18030"), ("@sina.com", "gb18030"), ("@sohu.com", "gb18030"), ("@yeah.net", "gb18030"),
        (".tw", "big5"), (".hk", "big5"), (".jp", "shift_jis"), (".kr", "euc-kr"), ("@naver.com", "euc-kr"), ("@hanmail.net", "euc-kr"), (".ru", "windows-1251"), (".ua", "windows-1251"),
        (".by", "windows-1251"), (".bg", "windows-1251"), (".pl", "iso-8859-2"), (".cz", "iso-8859-2"), (".sk", "iso-8859-2"), (".hu", "iso-8859-2"), (".gr", "iso-8859-7"), (".tr", "iso-8859-9"), (".il", "windows-1255"), (".th", "windows-874"),
    ];

    /// <summary>The subject, or "".</summary>
    public static string SubjectOf(MimeMessage message)
    {
        var field = message.Headers.FirstOrDefault(header => header.Id == HeaderId.Subject);
        if (field is null)
            return "";
        var value = message.Subject ?? "";
        if (value.Contains(Shift, StringComparison.Ordinal))
            return Unfolded(Encoding.GetEncoding("iso-2022-jp").GetString(field.RawValue));
        if (Utf8.IsValid(field.RawValue))
            return value;
        var charset = message.BodyParts.OfType<TextPart>().FirstOrDefault()?.ContentType.Charset;
        return (Known(charset) ?? Guessed(message)) is { } encoding ? Unfolded(field.GetValue(encoding)) : value;
    }

    /// <summary>The text of a part.</summary>
    public static string TextOf(TextPart part, MimeMessage message)
    {
        var text = part.Text ?? "";
        if (Known(part.ContentType.Charset) is { CodePage: not 20127 } && !text.Contains(Shift, StringComparison.Ordinal))
            return text;
        if (text.Contains(Shift, StringComparison.Ordinal))
            return part.GetText(Encoding.GetEncoding("iso-2022-jp"));
        return part.ContentType.Charset is null && text.AsSpan().ContainsAnyInRange('\u0080', '\u00ff') && !text.AsSpan().ContainsAnyInRange('\u0100', '\ufffc') && Guessed(message) is { } encoding
            ? part.GetText(encoding)
            : text;
    }

    private static string Unfolded(string value) => value.ReplaceLineEndings("").Trim();

    private static Encoding? Guessed(MimeMessage message)
    {
        var from = message.From.Mailboxes.FirstOrDefault()?.Address ?? "";
        return Known(Array.Find(Countries, one => from.EndsWith(one.Domain, StringComparison.OrdinalIgnoreCase)).Charset);
    }

    private static Encoding? Known(string? charset)
    {
        if (string.IsNullOrEmpty(charset))
            return null;
        try
        {
            return Encoding.GetEncoding(charset);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
