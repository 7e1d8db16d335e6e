using Pillarbox.Reference.Data;
using Pillarbox.Reference.Reading;

namespace Pillarbox.Reference;

/// <summary>A reply in the words of a bounce.</summary>
internal static class PlainText
{
    public static string Words(int? code, string? enhanced, string text, ReplyContext context)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (code is < 200 or > 599)
            code = null;
        EnhancedCode? status = EnhancedCode.TryParse(enhanced, out var read) ? read : null;
        if (status is null && ReplyFinder.Find($"{code} {text}")?.Enhanced is { } inText && EnhancedCode.TryParse(inText, out read))
            status = read;
        return Composer.BounceText(code, status, context) ?? "";
    }
}
