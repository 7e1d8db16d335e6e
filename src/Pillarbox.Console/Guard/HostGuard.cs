using System.Net;
using Microsoft.AspNetCore.Http;

namespace Pillarbox.WebConsole.Guard;

/// <summary>
/// Refuses what a page of another site could make a browser ask. A name that resolves to this machine only for the attack's sake (DNS rebinding)
/// shows in Host; a form or a script of another site shows in Origin.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, ConsoleOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsOwn(request.Host.Host))
        {
            return RefuseAsync(context, StatusCodes.Status421MisdirectedRequest,
                $"This is Pillarbox's console. Ask for it by its address, such as http://localhost:{context.Connection.LocalPort}/.");
        }

        if (IsChange(request.Method) && !IsFromOwnPage(request))
        {
            return RefuseAsync(context, StatusCodes.Status403Forbidden,
                "A page of another site asked for this change. Use a program with the console's token instead.");
        }

        return next(context);
    }

    private static bool IsChange(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method);

    private bool IsOwn(string host)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!IPAddress.TryParse(host, out var address))
            return false;

        // Where the console listens on every address, each may be asked for: rebinding needs a name.
        return IPAddress.IsLoopback(address) || address.Equals(options.Address.Address)
            || options.Address.Address.Equals(IPAddress.Any) || options.Address.Address.Equals(IPAddress.IPv6Any);
    }

    private static bool IsFromOwnPage(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [var site] && site is not ("same-origin" or "none"))
            return false;
        return request.Headers.Origin is [] || request.Headers.Origin is [var origin] && origin == $"{request.Scheme}://{request.Host.Value}";
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why + "\n", context.RequestAborted);
    }
}
