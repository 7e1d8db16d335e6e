using Pillarbox.Reference.Data;
using Pillarbox.Reference.Reading;

namespace Pillarbox.Reference;

/// <summary>Where a reply is at odds with itself.</summary>
internal static class Contradictions
{
    /// <summary>What code and enhanced code alone show.</summary>
    public static IReadOnlyList<string> Of(int? code, EnhancedCode? enhanced, Locale locale)
    {
        if (enhanced is not { } status)
            return [];

        List<string>? found = null;
        var name = status.ToString();
        if (code / 100 == 3)
            (found ??= []).Add(locale.Label("contradiction intermediate", code, name)); // RFC 2034 §4: a 3yz has none
        else if (code is not null && code / 100 != status.Class)
            (found ??= []).Add(locale.Label($"contradiction class {code / 100}", code, name));
        return (IReadOnlyList<string>?)found ?? [];
    }

    /// <summary>What the reply's wording adds to that.</summary>
    /// <param name="explanation">The explanation of the codes.</param>
    /// <param name="reply">The reply as read.</param>
    public static IReadOnlyList<string> Of(Explanation explanation, ReadReply reply)
    {
        var locale = Locale.For(explanation.Lang);
        List<string> found = [.. explanation.Contradictions];
        var label = explanation.Code is null ? "enhanced" : "code";
        if (explanation.Class == ReplyClass.TransientFailure && Wording.SaysPermanent(reply.Text))
            found.Add(locale.Label($"contradiction saysPermanent.{label}", explanation.Code, explanation.Enhanced));
        if (explanation.Class == ReplyClass.PermanentFailure && Wording.SaysTemporary(reply.Text))
            found.Add(locale.Label($"contradiction saysTemporary.{label}", explanation.Code, explanation.Enhanced));
        if (reply.OtherCode is { } other)
            found.Add(locale.Label("contradiction lines", other, explanation.Code?.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return found;
    }
}
