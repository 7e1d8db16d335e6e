using System.Collections.Concurrent;
using System.ComponentModel;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.Api;

/// <summary>The reference as JSON, the same as the command line's.</summary>
internal static class ReferenceApi
{
    internal const string Json = "application/json";
    internal const string LanguageHelp = "The language of the texts, as a BCP 47 tag; one that is not there, and none, give English";

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
        api.MapGet("/reference/reason/{name}", Reason).WithName("explainReason").WithSummary("What a reason means, whatever code came with it")
            .Produces<ExplanationDocument>(StatusCodes.Status200OK, Json).ProducesProblem(StatusCodes.Status404NotFound);
        ExplainApi.Map(api);
    }

    private static IResult Reason(string name, [FromQuery, Description(LanguageHelp)] string? lang) =>
        ReplyReference.FindReason(name, lang ?? "en") is { } reason
            ? Text(reason.ToJson())
            : Problem(StatusCodes.Status404NotFound, $"{Clipped(name)} is no reason.");

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

    internal static ReplyContext Context(string? language) => new(Language: language ?? "en");

    internal static ContentHttpResult Text(string json) => TypedResults.Text(json, $"{Json}; charset=utf-8");

    private static ProblemHttpResult NoCode(string code) => Problem(
        StatusCodes.Status404NotFound, $"{Clipped(code)} is no reply code, such as 535, and no enhanced code, such as 5.7.8.");

    internal static ProblemHttpResult Problem(int status, string what) => TypedResults.Problem(what, statusCode: status);

    internal static string Clipped(string text)
    {
        var line = text.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        return line.Length > 200 ? $"{line[..200]}\u2026" : line.ToString();
    }
}
