using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.ReferencePages;

/// <summary>
/// Lets browsers keep what the reference answers: it changes with the program alone. The identity of the build is the entity tag; which answer it is,
/// the address and the language say.
/// </summary>
internal static class CachedPage
{
    private static readonly string Build =
        $"{typeof(CachedPage).Assembly.ManifestModule.ModuleVersionId:N}{typeof(ReplyReference).Assembly.ManifestModule.ModuleVersionId:N}";

    /// <summary>Says that an answer is for the one who asked, and not to be kept: a search may hold a text that was pasted.</summary>
    public static void Forbid(HttpContext context)
    {
        context.Response.Headers.CacheControl = "private, no-store";
        context.Response.Headers.Vary = "Accept-Language";
    }

    /// <summary>Says how long the answer may be kept; 304 where the browser has it, else what <paramref name="answer"/> makes.</summary>
    public static IResult Answer(HttpContext context, string language, Func<IResult> answer)
    {
        var tag = new EntityTagHeaderValue($"\"{Build}-{language}\"", isWeak: true);
        var headers = context.Response.Headers;
        headers.ETag = tag.ToString();
        headers.CacheControl = "public, max-age=300";
        headers.Vary = "Accept-Language";
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false) || known.Equals(EntityTagHeaderValue.Any))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : answer();
    }
}
