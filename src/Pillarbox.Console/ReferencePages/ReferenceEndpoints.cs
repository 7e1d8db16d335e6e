using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pillarbox.Bounces;
using Pillarbox.Reference;
using Pillarbox.WebConsole.Guard;

namespace Pillarbox.WebConsole.ReferencePages;

/// <summary>The pages of the reference: every code, every reason, every comparison, in every language; whole without scripts.</summary>
internal static class ReferenceEndpoints
{
    private const int LongestSearch = 500;

    public static void MapReferencePages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup(ReferencePaths.Index).AddEndpointFilter(AllowAsync);
        pages.MapPage("", Index);
        pages.MapPost("", PastedAsync);
        pages.MapPage("/compare", CompareIndex);
        pages.MapPage("/compare/{one}", CompareWith);
        pages.MapPage("/compare/{one}/{other}", Compare);
        pages.MapPage("/reason", (HttpContext context) => TypedResults.LocalRedirect($"{RequestLanguage.View(context, "").Link(ReferencePaths.Index)}#reasons"));
        pages.MapPage("/reason/{name}", Reason);
        pages.MapPage("/{code}", (string code, HttpContext context) => Code(code, context));
        pages.MapPage("/{code}/{enhanced}", (string code, string enhanced, HttpContext context) => Code($"{code} {enhanced}", context));
    }

    private static ValueTask<object?> AllowAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        SecurityHeaders.AllowOwnForms(context.HttpContext);
        return next(context);
    }

    private static IResult Index(HttpContext context, string? q)
    {
        var view = RequestLanguage.View(context, ReferencePaths.Index);
        if (string.IsNullOrWhiteSpace(q))
            return CachedPage.Answer(context, view.Language.Tag, () => Page<IndexPage>(view));
        CachedPage.Forbid(context);
        var search = q.Length > LongestSearch ? q[..LongestSearch] : q.Trim();
        return Page<IndexPage>(view with { Asked = ("q", search) }, ("Search", search), ("Found", Read(search, view)));
    }

    private static async Task<IResult> PastedAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var view = RequestLanguage.View(context, ReferencePaths.Index);
        var pasted = await PastedText.ReadAsync(context.Request, cancellationToken);
        CachedPage.Forbid(context);
        if (pasted.Text is not { } text)
            return Page(typeof(IndexPage), view, pasted.Status, ("Refused", Refusal(pasted.Status, view)));
        var octets = Encoding.UTF8.GetBytes(text.TrimStart());
        if (!MessageReader.IsMessage(octets))
            return Page<IndexPage>(view, ("Pasted", text), ("Found", Read(text, view)));
        using var message = new MemoryStream(octets);
        var report = await MessageReader.ReadAsync(message, view.Language.Tag, cancellationToken);
        return Page<IndexPage>(view, ("Pasted", text), ("Report", report));
    }

    private static string Refusal(int status, ReferenceView view) => status switch
    {
        StatusCodes.Status413PayloadTooLarge =>
            view.Say("paste.tooLong", ("count", PastedText.MaxLength.ToString(CultureInfo.InvariantCulture))),
        StatusCodes.Status415UnsupportedMediaType => view.Say("paste.type"),
        _ => view.Say("paste.unreadable"),
    };

    // One code of two is asked to be completed.
    private static IResult CompareIndex(HttpContext context, string? a, string? b)
    {
        var view = RequestLanguage.View(context, ReferencePaths.Compare);
        string[] named = [.. new[] { a?.Trim(), b?.Trim() }.OfType<string>().Where(code => code.Length > 0)];
        if (named is [var left, var right])
            return Compare(left, right, context);
        if (named is not [var code])
            return CachedPage.Answer(context, view.Language.Tag, () => Page<CompareIndexPage>(view));
        return view.Find(code) is { } one
            ? CachedPage.Answer(context, view.Language.Tag, () => Page<CompareIndexPage>(view with { Asked = ("a", one.Label) }, ("One", one.Label)))
            : NoCode(code, view);
    }

    private static IResult CompareWith(string one, HttpContext context)
    {
        var view = RequestLanguage.View(context, ReferencePaths.Compare);
        return view.Find(one) is { } found
            ? TypedResults.LocalRedirect($"{ReferencePaths.Compare}?a={Uri.EscapeDataString(found.Label)}{(view.IsLanguageAsked ? $"&lang={view.Language.Tag}" : "")}")
            : NoCode(one, view);
    }

    private static IResult Reason(string name, HttpContext context)
    {
        var view = RequestLanguage.View(context, ReferencePaths.Index);
        return ReplyReference.FindReason(name, view.Language.Tag) is { } meaning
            ? At(ReferencePaths.OfReason(meaning), context, view, ("Meaning", meaning), typeof(ReasonPage))
            : Missing(view.Say("missing.reason", ("reason", Clipped(name))), view);
    }

    private static IResult Compare(string one, string other, HttpContext context)
    {
        var view = RequestLanguage.View(context, ReferencePaths.Compare);
        if (view.Find(one) is not { } left)
            return NoCode(one, view);
        if (view.Find(other) is not { } right)
            return NoCode(other, view);
        if (left.Label == right.Label)
            return Missing(view.Say("missing.same", ("code", left.Label)), view);
        var comparison = ReplyReference.Compare(left, right);
        return At(ReferencePaths.Of(comparison.Left.Label, comparison.Right.Label), context, view, ("Comparison", comparison), typeof(ComparePage));
    }

    private static IResult Code(string code, HttpContext context)
    {
        var view = RequestLanguage.View(context, ReferencePaths.Index);
        return view.Find(code) is { } meaning
            ? At(ReferencePaths.Of(meaning.Label), context, view, ("Meaning", meaning), typeof(CodePage))
            : NoCode(code, view);
    }

    // Each thing has one address; another way of writing it leads there.
    private static IResult At(string path, HttpContext context, ReferenceView view, (string Name, object Value) shown, Type page)
    {
        if (context.Request.Path.ToUriComponent() != path)
            return TypedResults.LocalRedirect(view.Link(path), permanent: true);
        return CachedPage.Answer(context, view.Language.Tag, () => Page(page, view with { Path = path }, StatusCodes.Status200OK, shown));
    }

    private static Explanation? Read(string text, ReferenceView view) => Explainer.ExplainLongText(text, new ReplyContext(Language: view.Language.Tag));

    private static RazorComponentResult NoCode(string code, ReferenceView view) =>
        Missing(view.Say("missing.code", ("code", Clipped(code))), view);

    private static string Clipped(string text) => text.Length > 40 ? $"{text[..40]}\u2026" : text;

    private static RazorComponentResult Missing(string what, ReferenceView view) => Page(typeof(MissingPage), view, StatusCodes.Status404NotFound, ("What", what));

    private static RazorComponentResult Page<TPage>(ReferenceView view, params ReadOnlySpan<(string Name, object? Value)> parameters)
        where TPage : IComponent => Page(typeof(TPage), view, StatusCodes.Status200OK, parameters);

    private static RazorComponentResult Page(Type page, ReferenceView view, int status, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["View"] = view };
        foreach (var (name, value) in parameters)
            values[name] = value;
        return new RazorComponentResult(page, values) { StatusCode = status };
    }
}
