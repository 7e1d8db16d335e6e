using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Pillarbox.Delivery.Capture;
using Pillarbox.Delivery.Scheduling;
using Pillarbox.Queue;
using Pillarbox.Server;
using Pillarbox.Server.Sessions;

namespace Pillarbox.WebConsole.Pages;

/// <summary>The pages: rendered whole on the server, readable without scripts; only the reference has one.</summary>
internal static class PageEndpoints
{
    private const int MessagesPerPage = 50;
    private const int SessionsAtHome = 10;
    private const int SessionsPerPage = 50;
    private const int QueuedPerPage = 100;

    // An HTML part runs no script, sends no form, fetches nothing from elsewhere, and is its own origin.
    private const string HtmlPartPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

    public static void MapConsolePages(this IEndpointRouteBuilder app)
    {
        app.MapPage("/", HomeAsync);
        app.MapPage("/messages/{id}", MessageAsync);
        app.MapPage("/messages/{id}/html", HtmlPartAsync);
        app.MapPage("/sessions", (SessionLog sessions) => Page<SessionsPage>(("Sessions", sessions.Recent(SessionsPerPage))));
        app.MapPage("/sessions/{id}", (string id, SessionLog sessions) => sessions.Find(id) is { } session
            ? Page<SessionPage>(("Session", session))
            : Missing("There is no such session, or not any more."));
        app.MapPage("/queue", QueueAsync);
        MapAsset(app, "console.css", "text/css; charset=utf-8");
        MapAsset(app, "reference.css", "text/css; charset=utf-8");
        MapAsset(app, "reference.js", "text/javascript; charset=utf-8");
        MapAsset(app, "icon.svg", "image/svg+xml");
        MapAsset(app, "noto-sans-thai.woff2", "font/woff2");
        MapAsset(app, "noto-sans-thai.LICENSE.txt", "text/plain; charset=utf-8");
        app.MapFallback(() => Missing("There is no such page.")).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
    }

    private static async Task<IResult> HomeAsync(
        string? before, CaptureStore captured, SessionLog sessions, SmtpEndpoints smtp, ConsoleOptions options, CancellationToken cancellationToken)
    {
        QueueId? start = null;
        if (before is not null)
        {
            if (!QueueId.TryParse(before, out var id))
                return Missing("There is no such page.");
            start = id;
        }

        var messages = await captured.ListAsync(MessagesPerPage + 1, start, cancellationToken);
        var hasMore = messages.Count > MessagesPerPage;
        var shown = hasMore ? [.. messages.Take(MessagesPerPage)] : messages;
        var latest = start is null ? sessions.Recent(SessionsAtHome) : [];
        return Page<HomePage>(("Model", new HomeModel(
            shown, start is not null, hasMore ? shown[^1].Id : null, captured.Count, latest, smtp.Bound, options.IsEvaluation)));
    }

    private static async Task<IResult> MessageAsync(
        string id, CaptureStore captured, MessageReader reader, SessionLog sessions, CancellationToken cancellationToken) =>
        QueueId.TryParse(id, out var parsed)
        && await captured.FindAsync(parsed, cancellationToken) is { } message
        && await reader.ReadAsync(parsed, cancellationToken) is { } content
            ? Page<MessagePage>(("Model", new MessageModel(message, SessionThatBrought(parsed, sessions), content)))
            : Missing("There is no such message, or not any more.");

    private static async Task<IResult> HtmlPartAsync(string id, MessageReader reader, HttpContext context)
    {
        if (!QueueId.TryParse(id, out var parsed) || await reader.ReadAsync(parsed, context.RequestAborted) is not { Html: { } html })
            return Missing("There is no such message, or it has no HTML.");
        context.Response.Headers.ContentSecurityPolicy = HtmlPartPolicy;
        return TypedResults.Text(html, "text/html; charset=utf-8");
    }

    private static async Task<IResult> QueueAsync(DeliveryQueue queue, CancellationToken cancellationToken)
    {
        List<QueueItem> items = [];
        await foreach (var item in queue.ListAsync(cancellationToken: cancellationToken))
        {
            items.Add(item);
            if (items.Count > QueuedPerPage)
                break;
        }

        return Page<QueuePage>(("Items", items.Take(QueuedPerPage).ToList()), ("HasMore", items.Count > QueuedPerPage));
    }

    // The reply that promised the message names it: "250 2.0.0 OK, queued as ID".
    private static string? SessionThatBrought(QueueId id, SessionLog sessions)
    {
        var name = id.ToString();
        return sessions.Recent(int.MaxValue)
            .FirstOrDefault(session => session.Lines.Any(line => line.FromServer && line.Text.EndsWith(name, StringComparison.Ordinal)))?.Id;
    }

    private static RazorComponentResult Page<TPage>(params ReadOnlySpan<(string Name, object? Value)> parameters)
        where TPage : IComponent
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
            values[name] = value;
        return new RazorComponentResult(typeof(TPage), values);
    }

    private static RazorComponentResult Missing(string what) =>
        new(typeof(NotFoundPage), new Dictionary<string, object?> { ["What"] = what }) { StatusCode = StatusCodes.Status404NotFound };

    private static void MapAsset(IEndpointRouteBuilder app, string name, string type)
    {
        using var source = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Assets.{name}")
            ?? throw new InvalidOperationException($"the assembly lacks {name}");
        using var copy = new MemoryStream();
        source.CopyTo(copy);
        var bytes = copy.ToArray();
        app.MapPage($"/assets/{name}", (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "max-age=300";
            return TypedResults.Bytes(bytes, type);
        });
    }
}
