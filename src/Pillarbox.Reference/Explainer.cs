using System.Diagnostics.CodeAnalysis;
using Pillarbox.Reference.Classifying;
using Pillarbox.Reference.Reading;

namespace Pillarbox.Reference;

/// <summary>Explains a reply that comes as text: from a log, a bounce, a transcript, an error message.</summary>
public static class Explainer
{
    private const int MaxEvidence = 512;

    /// <summary>Finds a reply in a text and explains it; what its wording contradicts is named too.</summary>
    /// <param name="text">
    /// Any text, however hostile: the time is linear, and only the first 32,768 characters count. Of several replies, the first that
    /// failed is taken.
    /// </param>
    /// <param name="context">What else is known, the language among it. A command that is not given is taken from the text if it names one.</param>
    /// <returns>Null where the text holds no reply.</returns>
    public static Explanation? ExplainText(string text, ReplyContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (ReplyFinder.Find(text) is not { } reply)
            return null;
        context ??= ReplyContext.Default;
        if (context.Command is null && AnsweredCommand.Find(text) is { } command)
            context = context with { Command = command };
        if (ReplyReference.Explain(reply.Code, reply.Enhanced, context) is not { } explanation)
            return null;
        explanation = explanation with { Contradictions = Contradictions.Of(explanation, reply) };
        var match = Classifier.Classify(reply.Text, reply.Code, reply.Enhanced, around: text);
        if (match.Rule is null)
            match = Classifier.Classify(text, reply.Code, reply.Enhanced, around: text);
        return Refiner.Refine(explanation, match, Evidence(reply.Text.Length > 0 ? reply.Text : text));
    }

    /// <summary>As <see cref="ExplainText"/>, for those who ask with an <c>if</c>.</summary>
    public static bool TryExplainText(string text, [NotNullWhen(true)] out Explanation? explanation, ReplyContext? context = null)
    {
        explanation = ExplainText(text, context);
        return explanation is not null;
    }

    private static string Evidence(string text)
    {
        text = text.Trim();
        return text.Length <= MaxEvidence ? text : text[..MaxEvidence];
    }
}
