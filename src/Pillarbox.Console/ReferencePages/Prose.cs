using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.ReferencePages;

/// <summary>A text in which codes are links to their pages, and words of the wire are not to be translated.</summary>
public sealed partial class Prose : ComponentBase
{
    private readonly HashSet<string> _linked = new(StringComparer.Ordinal);

    [Parameter, EditorRequired] public required string Text { get; set; }

    [Parameter, EditorRequired] public required ReferenceView View { get; set; }

    /// <summary>A code that is not linked, since this is its page.</summary>
    [Parameter] public string? Self { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        _linked.Clear();
        if (Self is not null)
            _linked.UnionWith(Self.Split(' ').Append(Self));
        var done = 0;
        foreach (Match match in Words().Matches(Text))
        {
            builder.AddContent(0, Text[done..match.Index]);
            Add(builder, match);
            done = match.Index + match.Length;
        }

        builder.AddContent(0, Text[done..]);
    }

    // The first time that a text names a code is enough.
    private void Add(RenderTreeBuilder builder, Match match)
    {
        var isLink = match.Groups["code"].Success && match.Value.Split(' ').All(ReplyReference.Knows) && _linked.Add(match.Value);
        builder.OpenElement(1, isLink ? "a" : "span");
        if (isLink)
            builder.AddAttribute(2, "href", View.Link(ReferencePaths.Of(match.Value)));
        builder.AddAttribute(3, "translate", "no");
        builder.AddContent(4, match.Value);
        builder.CloseElement();
    }

    // A code that is part of something longer (an address, a number, a section) is none. A verb is in capitals, as on the wire.
    [GeneratedRegex(
        @"(?<![\w.@§/:-])(?<code>[2-5]\d\d [245]\.\d{1,3}\.\d{1,3}|[245]\.\d{1,3}\.\d{1,3}(?:-\d{1,3})?|[1-5]\d\d)(?![\w@/]|\.\d|-\d)"
        + @"|(?<![\w-])[A-Z][A-Z0-9]{2,}(?:-[A-Z0-9]+)*(?: (?:FROM|TO)\b)?(?![a-z])",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Words();
}
