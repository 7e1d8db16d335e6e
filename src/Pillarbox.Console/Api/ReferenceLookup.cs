using System.Globalization;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.Api;

/// <summary>Finds what a path names: <c>535</c> or <c>5.7.8</c>.</summary>
internal static class ReferenceLookup
{
    private const int LongestCode = 11; // 5.999.99999 and then some would be no code

    public static Explanation? Find(string code, string? language)
    {
        if (code.Length > LongestCode)
            return null;
        var context = new ReplyContext(Language: language is { Length: > 0 and <= 35 } ? language : "en");
        return int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var basic)
            ? ReplyReference.Explain(basic, null, context)
            : ReplyReference.Explain(null, code, context);
    }
}
