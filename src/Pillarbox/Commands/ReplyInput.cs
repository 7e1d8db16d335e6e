using Pillarbox.Reference;

namespace Pillarbox.Commands;

/// <summary>A reply that comes as text on standard input.</summary>
internal static class ReplyInput
{
    // What the explainer reads of a text at most.
    private const int BlockLength = 32_768;

    /// <summary>Explains the first reply that failed, else the first reply, however far behind it stands.</summary>
    public static Explanation? Explain(string text, ReplyContext context)
    {
        Explanation? first = null;
        for (var start = 0; start < text.Length;)
        {
            var length = Math.Min(BlockLength, text.Length - start);
            // A block ends with a line, unless the line is longer than a block.
            if (start + length < text.Length && text.LastIndexOf('\n', start + length - 1, length) is var end && end >= start)
                length = end + 1 - start;
            var found = Explainer.ExplainText(text.Substring(start, length), context);
            if (found is { Class: ReplyClass.TransientFailure or ReplyClass.PermanentFailure })
                return found;
            first ??= found;
            start += length;
        }

        return first;
    }
}
