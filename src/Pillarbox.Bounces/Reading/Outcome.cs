using System.Globalization;
using Pillarbox.Reference;

namespace Pillarbox.Bounces.Reading;

/// <summary>What a report says of one recipient, before it is explained.</summary>
/// <param name="Address">The address, or null.</param>
/// <param name="Words">The reply or the words that say what happened; may be empty.</param>
internal sealed record Outcome(string? Address, string Words)
{
    /// <summary>The enhanced code that stands in a field of its own, or null.</summary>
    public string? Status { get; init; }

    /// <summary>What the report says was done: failed, delayed, delivered, relayed, expanded; null where it is in words alone.</summary>
    public string? Action { get; init; }

    /// <summary>The server that spoke, or null.</summary>
    public string? Host { get; init; }

    /// <summary>Words of the report that are not about this recipient alone; asked where its own words tell nothing.</summary>
    public string Around { get; init; } = "";

    /// <summary>Explains it: by the reply in its words, else by its status, else by words without a code, else by what was done.</summary>
    public Explanation Explain(string language)
    {
        var context = new ReplyContext(Language: language);
        var host = Host ?? "";
        var found = Words.Length > 0 ? Explainer.ExplainText(Words, context) : null;
        if (found is { Code: not null } or { Enhanced: not null })
        {
            // The reply says more than the status that the reporting server made of it, unless it has none of its own.
            var enhanced = found.Enhanced ?? (SameClass(found.Code, Status) ? Status : null);
            return Explainer.ExplainReply(found.Code, enhanced, Words, $"{host} {Around}", context) is { } whole
                ? whole with { Contradictions = found.Contradictions, Wording = whole.Wording! with { Evidence = found.Wording!.Evidence } }
                : found;
        }

        if (Status is { } status && Explainer.ExplainReply(null, status, Words, $"{host} {Around}", context) is { } byStatus)
            return byStatus with { Wording = byStatus.Wording! with { Evidence = Words.Length > 0 ? byStatus.Wording.Evidence : $"Status: {status}" } };
        if (found is not null)
            return found;
        return Explainer.ExplainText(Around, context) ?? Explainer.ExplainReason(ByAction(), Words.Length > 0 ? Words : Around, 0.3, language);
    }

    private ReplyReason ByAction() => Action switch
    {
        "delivered" or "relayed" or "expanded" => ReplyReason.Delivered,
        _ => ReplyReason.Undefined,
    };

    private static bool SameClass(int? code, string? status) =>
        status is { Length: > 0 } && code is { } basic && status[0] == (basic / 100).ToString(CultureInfo.InvariantCulture)[0];
}
