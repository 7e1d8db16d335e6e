using System.Collections.Concurrent;
using System.ComponentModel;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.Api;

/// <summary>The reference as JSON, the same as the command line's, and what reads a reply that somebody pasted.</summary>
internal static class ReferenceApi
{
    private const string Json = "application/json";
    private const string LanguageHelp = "The language of the texts, as a BCP 47 tag; one that is not there, and none, give English";

    // The explainer reads 32,768 characters, which take up to three octets each here; more is no reply that was pasted.
    private const int LongestText = 256 * 1024;

    private static readonly ConcurrentDictionary<string, string> Lists = new(StringComparer.Ordinal);

    public static void MapReference(RouteGroupBuilder api)
    {
        api.MapGet("/reference", List).WithName("listCodes").WithSummary("Every code, explained")
            .Produces<CodesDocument>(StatusCodes.Status200OK, Json);
        api.MapGet("/reference/{code}", Code).WithName("explain").WithSummary("What a reply code, or an enhanced status code, means")
            .Produces<ExplanationDocument>(StatusCodes.Status200OK, Json).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/reference/{code}/{enhanced}", Pair).WithName("explainPair").WithSummary("What a reply code means with its enhanced status code")
            .Produces<ExplanationDocument>(StatusCodes.Status200OK, Json).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/reference/compare/{one}/{other}", Compare).WithName("compare").WithSummary("How two codes differ, the smaller one left")
            .Produces<ComparisonDocument>(StatusCodes.Status200OK, Json).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/explain", ExplainAsync).WithName("explainText").WithSummary("What a reply means that was pasted from a log, a bounce or an error message")
            .WithMetadata(new ChangesNothing())
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                // Accepts would say the same, but answers other types by itself, without words.
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        ["text/plain"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A reply, or a text that holds one" } },
                    },
                };
                return Task.CompletedTask;
            })
            .Produces<ExplanationDocument>(StatusCodes.Status200OK, Json)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static ContentHttpResult List([FromQuery, Description(LanguageHelp)] string? lang) =>
        Text(Lists.GetOrAdd(ReferenceLanguage.For(lang).Tag, Listed));

    private static IResult Code(string code, [FromQuery, Description(LanguageHelp)] string? lang) =>
        Find(code, lang) is { } explanation ? Text(explanation.ToJson()) : NoCode(code);

    private static IResult Pair(string code, string enhanced, [FromQuery, Description(LanguageHelp)] string? lang) => Code($"{code} {enhanced}", lang);

    private static IResult Compare(string one, string other, [FromQuery, Description(LanguageHelp)] string? lang)
    {
        if (Find(one, lang) is not { } left)
            return NoCode(one);
        if (Find(other, lang) is not { } right)
            return NoCode(other);
        return left.Label == right.Label
            ? Problem(StatusCodes.Status404NotFound, $"{left.Label} cannot be compared with itself: name another code.")
            : Text(ReplyReference.Compare(left, right).ToJson());
    }

    private static async Task<IResult> ExplainAsync(HttpRequest request, [FromQuery, Description(LanguageHelp)] string? lang, CancellationToken cancellationToken)
    {
        if (WrongType(request) is { } wrong)
            return Problem(StatusCodes.Status415UnsupportedMediaType, wrong);
        if (await ReadAsync(request, cancellationToken) is not { } text)
            return Problem(StatusCodes.Status413PayloadTooLarge, $"A reply as text has at most {LongestText} octets.");
        return Explainer.ExplainText(text, Context(lang)) is { } explanation
            ? Text(explanation.ToJson())
            : Problem(StatusCodes.Status422UnprocessableEntity, $"not a reply: {Clipped(text)}");
    }

    private static string? WrongType(HttpRequest request)
    {
        if (request.ContentType is null)
            return null;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return "The Content-Type cannot be read; send a reply as text/plain.";
        if (type.MediaType.Equals("message/rfc822", StringComparison.OrdinalIgnoreCase))
            return "Whole messages are not explained yet; send the reply in it as text/plain.";
        if (!type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            return $"A reply comes as text/plain, not as {Clipped(type.MediaType.ToString())}.";
        return type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)
            ? null
            : $"The text is read as UTF-8, not as {Clipped(type.Charset.ToString())}.";
    }

    // Null where it is too long.
    private static async Task<string?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = LongestText;
        try
        {
            using var reader = new StreamReader(request.Body, Encoding.UTF8);
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (BadHttpRequestException tooLong) when (tooLong.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }

    private static string Listed(string language)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("codes");
            foreach (var explanation in ReplyReference.List(language))
                explanation.WriteTo(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static Explanation? Find(string code, string? language) => ReplyReference.Find(code, Context(language));

    private static ReplyContext Context(string? language) => new(Language: language ?? "en");

    private static ContentHttpResult Text(string json) => TypedResults.Text(json, $"{Json}; charset=utf-8");

    private static ProblemHttpResult NoCode(string code) => Problem(
        StatusCodes.Status404NotFound, $"{Clipped(code)} is no reply code: 200 to 599, or an enhanced code such as 5.7.8.");

    private static ProblemHttpResult Problem(int status, string what) => TypedResults.Problem(what, statusCode: status);

    private static string Clipped(string text)
    {
        var line = text.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        return line.Length > 200 ? $"{line[..200]}\u2026" : line.ToString();
    }
}

/// <summary>Marks what is asked by POST and yet changes nothing, so that it needs no token.</summary>
internal sealed class ChangesNothing;
