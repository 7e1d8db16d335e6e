using Microsoft.AspNetCore.Http;

namespace Pillarbox.WebConsole.Guard;

/// <summary>Lets nothing through to a change without the token.</summary>
internal sealed class TokenFilter(ConsoleToken token) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (token.IsShownBy(context.HttpContext.Request))
            return next(context);

        context.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
        return ValueTask.FromResult<object?>(TypedResults.Problem(
            "Changes need the header Authorization: Bearer TOKEN; the token is in the file console.token of the data directory.",
            statusCode: StatusCodes.Status401Unauthorized));
    }
}
