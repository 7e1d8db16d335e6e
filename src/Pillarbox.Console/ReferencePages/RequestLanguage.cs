using Microsoft.AspNetCore.Http;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.ReferencePages;

/// <summary>The language of a page: the one that the address names, else the first of the browser's wishes that is there, else English.</summary>
internal static class RequestLanguage
{
    private const int MostWishes = 20;

    public static ReferenceView View(HttpContext context, string path)
    {
        var request = context.Request;
        var asked = request.Query["lang"] is [{ Length: > 0 } tag, ..] ? tag : null;
        return new ReferenceView
        {
            Language = asked is not null ? ReferenceLanguage.For(asked) : Wished(request),
            IsLanguageAsked = asked is not null,
            Origin = $"{request.Scheme}://{request.Host.Value}",
            Path = path,
        };
    }

    private static ReferenceLanguage Wished(HttpRequest request)
    {
        var wishes = request.GetTypedHeaders().AcceptLanguage.Take(MostWishes).Where(wish => wish.Quality is not 0).OrderByDescending(wish => wish.Quality ?? 1);
        return ReferenceLanguage.For(wishes.Select(wish => wish.Value.Value).FirstOrDefault(ReferenceLanguage.Has));
    }
}
