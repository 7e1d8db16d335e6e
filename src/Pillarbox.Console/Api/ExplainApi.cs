using System.ComponentModel;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Pillarbox.Bounces;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.Api;

/// <summary>Explains what is posted, as <c>explain -</c> does: a code, a text that holds a reply, a whole message that came back.</summary>
internal static class ExplainApi
{
    // What comes in pieces has their lengths in between, which the server counts too.
    private const int Slack = 64 * 1024;

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/explain", ExplainAsync).WithName("explainText")
            .WithSummary("What a reply means that was pasted from a log, a bounce or an error message, or what a whole message that came back says of each recipient")
            .WithMetadata(new ChangesNothing())
            .AddOpenApiOperationTransformer(DescribeAsync)
            .Produces<ExplanationDocument>(StatusCodes.Status200OK, ReferenceApi.Json)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> ExplainAsync(
        HttpRequest request, [FromQuery, Description(ReferenceApi.LanguageHelp)] string? lang, CancellationToken cancellationToken)
    {
        if (WrongType(request, out var isMessage) is { } wrong)
            return ReferenceApi.Problem(StatusCodes.Status415UnsupportedMediaType, wrong);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MessageReader.MaxLength + Slack;
        try
        {
            return isMessage
                ? await ReadMessageAsync(request.Body, lang, cancellationToken)
                : await ReadTextAsync(request.Body, lang, cancellationToken);
        }
        catch (BadHttpRequestException fault)
        {
            return fault.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLong()
                : ReferenceApi.Problem(fault.StatusCode, "The request's body cannot be read.");
        }
    }

    private static ProblemHttpResult TooLong() =>
        ReferenceApi.Problem(StatusCodes.Status413PayloadTooLarge, $"A reply or a message has at most {MessageReader.MaxLength} octets here.");

    private static async Task<IResult> ReadMessageAsync(Stream body, string? language, CancellationToken cancellationToken)
    {
        var report = await MessageReader.ReadAsync(body, language ?? "en", cancellationToken);

        // The reader stops at its limit; what goes on behind it is too long.
        return await body.ReadAsync(new byte[1], cancellationToken) == 0 ? ReferenceApi.Text(report.ToJson()) : TooLong();
    }

    private static async Task<IResult> ReadTextAsync(Stream body, string? language, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        await body.CopyToAsync(all, cancellationToken);
        if (all.Length > MessageReader.MaxLength)
            return TooLong();
        var octets = all.GetBuffer().AsMemory(0, (int)all.Length);
        all.Position = 0;
        if (MessageReader.IsMessage(octets.Span))
            return ReferenceApi.Text((await MessageReader.ReadAsync(all, language ?? "en", cancellationToken)).ToJson());
        var text = Encoding.UTF8.GetString(octets.Span);
        if (Explainer.ExplainLongText(text, ReferenceApi.Context(language)) is { } explanation)
            return ReferenceApi.Text(explanation.ToJson());
        var what = string.IsNullOrWhiteSpace(text) ? "the body is empty" : ReferenceApi.Clipped(text);
        return ReferenceApi.Problem(StatusCodes.Status422UnprocessableEntity, $"not a reply: {what}");
    }

    private static string? WrongType(HttpRequest request, out bool isMessage)
    {
        isMessage = false;
        if (request.ContentType is null)
            return null;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return "The Content-Type cannot be read; send a reply as text/plain, a message as message/rfc822.";
        if (isMessage = type.MediaType.Equals("message/rfc822", StringComparison.OrdinalIgnoreCase))
            return null;
        if (!type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            return $"A reply comes as text/plain, a message as message/rfc822, not as {ReferenceApi.Clipped(type.MediaType.ToString())}.";
        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)
            ? null
            : $"The text is read as UTF-8, not as {ReferenceApi.Clipped(charset.ToString())}.";
    }

    // Accepts and Produces would say a part of it, but the one answers other types by itself, without words, and the other knows one answer a status.
    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["text/plain"] = new() { Schema = Text("A code, a reply, or a text that holds one") },
                ["message/rfc822"] = new() { Schema = Text("A message that came back") },
            },
        };
        var report = await context.GetOrCreateSchemaAsync(typeof(MessageReportDocument), null, cancellationToken);
        context.Document?.AddComponent(nameof(MessageReportDocument), report);
        if (operation.Responses?["200"].Content?[ReferenceApi.Json] is { Schema: { } explanation } answer)
            answer.Schema = new OpenApiSchema { OneOf = [explanation, new OpenApiSchemaReference(nameof(MessageReportDocument), context.Document)] };

        static OpenApiSchema Text(string what) => new() { Type = JsonSchemaType.String, Description = what };
    }
}

/// <summary>Marks what is asked by POST and yet changes nothing, so that it needs no token.</summary>
internal sealed class ChangesNothing;
