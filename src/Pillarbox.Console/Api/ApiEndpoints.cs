using System.ComponentModel;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pillarbox.WebConsole.Guard;
using Pillarbox.Delivery.Capture;
using Pillarbox.Delivery.Scheduling;
using Pillarbox.Queue;
using Pillarbox.Server.Sessions;

namespace Pillarbox.WebConsole.Api;

/// <summary>The HTTP API. Lists are written as they are read, so that a long one costs no memory.</summary>
internal static class ApiEndpoints
{
    private const int PageLength = 100;
    private const int MaxMessages = 10_000;
    private const int MaxSessions = 1000;

    public static void MapConsoleApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api").WithTags("api");
        MapMessages(api);
        MapQueue(api);
        api.MapGet("/sessions", Sessions).WithName("listSessions").WithSummary("What was said in the latest sessions, newest first");
        api.MapGet("/sessions/{id}", Session).WithName("getSession").WithSummary("What was said in a session");
        ReferenceApi.MapReference(api);
    }

    private static void MapMessages(RouteGroupBuilder api)
    {
        api.MapGet("/messages", Messages).WithName("listMessages").WithSummary("Captured messages, newest first");
        api.MapGet("/messages/{id}/raw", RawAsync).WithName("getMessage").WithSummary("A captured message's octets")
            .Produces(StatusCodes.Status200OK, contentType: "message/rfc822").ProducesProblem(StatusCodes.Status404NotFound);
        var changes = api.MapGroup("/messages").AddEndpointFilter<RouteGroupBuilder, TokenFilter>();
        changes.MapDelete("/", ClearAsync).WithName("deleteMessages").WithSummary("Deletes all captured messages");
        changes.MapDelete("/{id}", DeleteMessageAsync).WithName("deleteMessage").WithSummary("Deletes a captured message");
    }

    private static void MapQueue(RouteGroupBuilder api)
    {
        api.MapGet("/queue", Queue).WithName("listQueue").WithSummary("Messages that are on their way, in the order of acceptance");
        api.MapGet("/queue/{id}", QueuedAsync).WithName("getQueued").WithSummary("A message that is on its way");
        var changes = api.MapGroup("/queue").AddEndpointFilter<RouteGroupBuilder, TokenFilter>();
        changes.MapPost("/{id}/retry", RetryAsync).WithName("retryQueued").WithSummary("Tries a message's recipients now");
        changes.MapDelete("/{id}", DeleteQueuedAsync).WithName("deleteQueued").WithSummary("Deletes a message from the queue, without a report to its sender");
    }

    private static Results<Ok<MessagesDocument>, ProblemHttpResult> Messages(
        CaptureStore captured,
        [FromQuery, Description("The message after which the list goes on")] string? before,
        [FromQuery, Description("How many at most; at most 10,000")] int limit = MaxMessages,
        CancellationToken cancellationToken = default)
    {
        if (limit is < 0 or > MaxMessages)
            return BadLimit(MaxMessages);
        if (before is null)
            return TypedResults.Ok(new MessagesDocument(ReadAsync(captured, null, limit, cancellationToken)));
        return QueueId.TryParse(before, out var id)
            ? TypedResults.Ok(new MessagesDocument(ReadAsync(captured, id, limit, cancellationToken)))
            : NoMessage();
    }

    private static async IAsyncEnumerable<MessageDocument> ReadAsync(
        CaptureStore captured, QueueId? before, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (limit > 0)
        {
            var page = await captured.ListAsync(Math.Min(limit, PageLength), before, cancellationToken);
            foreach (var message in page)
                yield return MessageDocument.Of(message);
            if (page.Count == 0)
                yield break;
            limit -= page.Count;
            before = page[^1].Id;
        }
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> RawAsync(
        string id, CaptureStore captured, CancellationToken cancellationToken) =>
        QueueId.TryParse(id, out var parsed) && await captured.OpenRawAsync(parsed, cancellationToken) is { } raw
            ? TypedResults.Stream(raw, "message/rfc822", $"{parsed}.eml")
            : NoMessage();

    private static async Task<NoContent> ClearAsync(CaptureStore captured, CancellationToken cancellationToken)
    {
        await captured.ClearAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteMessageAsync(
        string id, CaptureStore captured, CancellationToken cancellationToken) =>
        QueueId.TryParse(id, out var parsed) && await captured.DeleteAsync(parsed, cancellationToken) ? TypedResults.NoContent() : NoMessage();

    private static Results<Ok<SessionsDocument>, ProblemHttpResult> Sessions(
        SessionLog sessions, [FromQuery, Description("How many at most; at most 1,000")] int limit = 100) =>
        limit is < 0 or > MaxSessions
            ? BadLimit(MaxSessions)
            : TypedResults.Ok(new SessionsDocument([.. sessions.Recent(limit).Select(SessionDocument.Of)]));

    private static Results<Ok<SessionDocument>, ProblemHttpResult> Session(string id, SessionLog sessions) =>
        sessions.Find(id) is { } session ? TypedResults.Ok(SessionDocument.Of(session)) : NotFound("There is no such session, or not any more.");

    private static Results<Ok<QueueDocument>, ProblemHttpResult> Queue(
        DeliveryQueue queue,
        [FromQuery, Description("The message after which the list goes on")] string? after,
        [FromQuery, Description("How many at most; not given: all of them")] int? limit,
        CancellationToken cancellationToken)
    {
        if (limit < 0)
            return BadLimit(int.MaxValue);
        QueueId from = default;
        if (after is not null)
        {
            if (!QueueId.TryParse(after, out from))
                return NoMessage();
            // After the last id there is, nothing comes.
            (from, limit) = from.Value == ulong.MaxValue ? (from, 0) : (new QueueId(from.Value + 1), limit);
        }

        return TypedResults.Ok(new QueueDocument(ReadAsync(queue, from, limit, cancellationToken)));
    }

    private static async IAsyncEnumerable<QueuedDocument> ReadAsync(
        DeliveryQueue queue, QueueId from, int? limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (limit == 0)
            yield break;
        await foreach (var item in queue.ListAsync(from, cancellationToken))
        {
            yield return QueuedDocument.Of(item);
            if (--limit == 0)
                yield break;
        }
    }

    private static async Task<Results<Ok<QueuedDocument>, ProblemHttpResult>> QueuedAsync(
        string id, DeliveryQueue queue, CancellationToken cancellationToken) =>
        QueueId.TryParse(id, out var parsed) && await queue.FindAsync(parsed, cancellationToken) is { } item
            ? TypedResults.Ok(QueuedDocument.Of(item))
            : NoMessage();

    private static async Task<Results<NoContent, ProblemHttpResult>> RetryAsync(
        string id, DeliveryQueue queue, CancellationToken cancellationToken) =>
        QueueId.TryParse(id, out var parsed) && await queue.RetryAsync(parsed, cancellationToken) ? TypedResults.NoContent() : NoMessage();

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteQueuedAsync(
        string id, DeliveryQueue queue, CancellationToken cancellationToken) =>
        QueueId.TryParse(id, out var parsed) && await queue.DeleteAsync(parsed, cancellationToken) ? TypedResults.NoContent() : NoMessage();

    private static ProblemHttpResult NoMessage() => NotFound("There is no such message.");

    private static ProblemHttpResult NotFound(string what) => TypedResults.Problem(what, statusCode: StatusCodes.Status404NotFound);

    private static ProblemHttpResult BadLimit(int most) =>
        TypedResults.Problem($"limit is a number from 0 to {most}.", statusCode: StatusCodes.Status400BadRequest);
}
