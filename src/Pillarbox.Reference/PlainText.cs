using Pillarbox.Reference.Classifying;
using Pillarbox.Reference.Data;
using Pillarbox.Reference.Reading;

namespace Pillarbox.Reference;

/// <summary>A reply in the words of a bounce.</summary>
internal static class PlainText
{
    public static string Words(int? code, string? enhanced, string text, ReplyContext context)
    {
        var (basic, status) = Read(code, enhanced, text);
        var words = Composer.BounceText(basic, status, context) ?? "";
        if (Explainer.ExplainReply(basic, status?.ToString(), text, context: context) is not { Wording.Rule: not null } explanation)
            return words;

        // The words tell more than the codes do: what the codes mean in general would mislead.
        var general = Composer.Compose(basic, status, context);
        return explanation.Reason == general.Reason ? words : Refiner.PlainWords(explanation) ?? words;
    }

    public static string DelayWords(int? code, string? enhanced, string text, ReplyContext context)
    {
        var (basic, status) = Read(code, enhanced, text);
        return basic is null && status is null ? "" : Explainer.ExplainReply(basic, status?.ToString(), text, context: context)?.Meaning ?? "";
    }

    private static (int? Code, EnhancedCode? Status) Read(int? code, string? enhanced, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (code is < 200 or > 599)
            code = null;
        EnhancedCode? status = EnhancedCode.TryParse(enhanced, out var read) ? read : null;
        if (status is null && ReplyFinder.Find($"{code} {text}")?.Enhanced is { } inText && EnhancedCode.TryParse(inText, out read))
            status = read;
        return (code, status);
    }
}
