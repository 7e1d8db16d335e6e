using Microsoft.AspNetCore.Http;

namespace Pillarbox.WebConsole.Guard;

/// <summary>
/// What each answer forbids the browser. Everything shown comes from strangers: no script runs, nothing is fetched from elsewhere, nobody frames a page.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // The reference shows our own texts, and what its reader typed: it has a script, a font and forms of ours.
    private const string PolicyOfReference =
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return next(context);
    }

    /// <summary>Lets a page run the scripts of the console, use its fonts and send its forms.</summary>
    public static void AllowOwnForms(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = PolicyOfReference;

        // Under no-referrer a browser hides the origin of a form that it posts, even to its own page.
        context.Response.Headers["Referrer-Policy"] = "same-origin";
    }
}
