using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pillarbox.Reference;
using Pillarbox.WebConsole.Guard;

namespace Pillarbox.WebConsole.ReferencePages;

/// <summary>The pages of the reference: every code, every comparison, in every language; whole without scripts.</summary>
internal static class ReferenceEndpoints
{
    private const int LongestSearch = 500;
    private const int LongestForm = 256 * 1024;

    public static void MapReferencePages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup(ReferencePaths.Index).AddEndpointFilter(AllowAsync);
        pages.MapGet("", Index);
        pages.MapPost("", PastedAsync);
        pages.MapGet("/compare", CompareIndex);
        pages.MapGet("/compare/{one}/{other}", Compare);
        pages.MapGet("/{code}", (string code, HttpContext context) => Code(code, context));
        pages.MapGet("/{code}/{enhanced}", (string code, string enhanced, HttpContext context) => Code($"{code} {enhanced}", context));
    }

    private static ValueTask<object?> AllowAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        SecurityHeaders.AllowOwnForms(context.HttpContext);
        return next(context);
    }

    private static IResult Index(HttpContext context, string? q)
    {
        var view = RequestLanguage.View(context, ReferencePaths.Index);
        var search = string.IsNullOrWhiteSpace(q) ? null : q.Length > LongestSearch ? q[..LongestSearch] : q.Trim();
        return CachedPage.Answer(context, view.Language.Tag, () => Page<IndexPage>(view, ("Search", search), ("Found", search is null ? null : Read(search, view))));
    }

    private static async Task<IResult> PastedAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var view = RequestLanguage.View(context, ReferencePaths.Index);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = LongestForm;
        if (!context.Request.HasFormContentType)
            return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var text = form["text"].ToString();
        return Page<IndexPage>(view, ("Pasted", text), ("Found", Read(text, view)));
    }

    private static IResult CompareIndex(HttpContext context, string? a, string? b)
    {
        if (a is not null && b is not null)
            return Compare(a, b, context);
        var view = RequestLanguage.View(context, ReferencePaths.Compare);
        return CachedPage.Answer(context, view.Language.Tag, () => Page<CompareIndexPage>(view));
    }

    private static IResult Compare(string one, string other, HttpContext context)
    {
        var view = RequestLanguage.View(context, ReferencePaths.Compare);
        if (Find(one, view) is not { } left)
            return NoCode(one, view);
        if (Find(other, view) is not { } right)
            return NoCode(other, view);
        if (left.Label == right.Label)
            return Missing(view.Say("missing.same", ("code", left.Label)), view);
        var comparison = ReplyReference.Compare(left, right);
        return At(ReferencePaths.Of(comparison.Left.Label, comparison.Right.Label), context, view, ("Comparison", comparison), typeof(ComparePage));
    }

    private static IResult Code(string code, HttpContext context)
    {
        var view = RequestLanguage.View(context, ReferencePaths.Index);
        return Find(code, view) is { } meaning
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

    private static Explanation? Find(string code, ReferenceView view) => ReplyReference.Find(code, new ReplyContext(Language: view.Language.Tag));

    private static Explanation? Read(string text, ReferenceView view) => Explainer.ExplainText(text, new ReplyContext(Language: view.Language.Tag));

    private static RazorComponentResult NoCode(string code, ReferenceView view) =>
        Missing(view.Say("missing.code", ("code", code.Length > 40 ? $"{code[..40]}\u2026" : code)), view);

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
