using System.Net;
using System.Text.Json;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.Tests.Api;

public sealed class ReferenceApiTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost _host = shared.Host;

    [Theory]
    [InlineData(535, null, "535")]
    [InlineData(null, "5.7.8", "5.7.8")]
    public async Task Reference_is_the_same_as_the_command_lines(int? code, string? enhanced, string path) =>
        Assert.Equal(ReplyReference.Explain(code, enhanced)!.ToJson(), await _host.GetAsync($"/api/reference/{path}"));

    [Fact]
    public async Task Pair_is_the_same_as_the_command_lines() =>
        Assert.Equal(ReplyReference.Explain(535, "5.7.8", new ReplyContext(Language: "th"))!.ToJson(), await _host.GetAsync("/api/reference/535/5.7.8?lang=th"));

    [Theory]
    [InlineData("/api/reference/compare/221/235")]
    [InlineData("/api/reference/compare/235/221")]
    public async Task Comparison_is_the_same_as_the_command_lines_in_either_order(string path)
    {
        var thai = new ReplyContext(Language: "th");
        Assert.Equal(
            ReplyReference.Compare(ReplyReference.Find("221", thai)!, ReplyReference.Find("235", thai)!).ToJson(), await _host.GetAsync($"{path}?lang=th"));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("th")]
    public async Task List_has_every_code_as_it_is_by_itself(string language)
    {
        var codes = JsonDocument.Parse(await _host.GetAsync($"/api/reference?lang={language}")).RootElement.GetProperty("codes").EnumerateArray();

        Assert.Equal(ReplyReference.List(language).Select(one => one.ToJson()), codes.Select(code => code.GetRawText()));
    }

    [Theory]
    [InlineData("/api/reference/compare/221/221", "221 cannot be compared with itself: name another code.")]
    [InlineData("/api/reference/compare/221/999", "999 is no reply code, such as 535, and no enhanced code, such as 5.7.8.")]
    [InlineData("/api/reference/535/x", "535 x is no reply code, such as 535, and no enhanced code, such as 5.7.8.")]
    public async Task What_cannot_be_compared_or_explained_gets_404_with_words(string path, string words)
    {
        using var response = await _host.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(words, await DetailAsync(response));
    }

    [Fact]
    public async Task Reason_is_explained_by_its_name()
    {
        Assert.Equal(ReplyReference.FindReason("mailboxFull", "th")!.ToJson(), await _host.GetAsync("/api/reference/reason/mailboxFull?lang=th"));
        using var response = await _host.Http.GetAsync("/api/reference/reason/nonsense", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("nonsense is no reason.", await DetailAsync(response));
    }

    [Theory]
    [InlineData("999")]
    [InlineData("hello")]
    [InlineData("5.7")]
    [InlineData("535535535535")]
    [InlineData("%3Cscript%3E")]
    public async Task Reference_of_what_is_no_code_gets_404(string code)
    {
        using var response = await _host.Http.GetAsync($"/api/reference/{code}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        using var page = await _host.Http.GetAsync($"/reference/{code}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    [Fact]
    public async Task OpenApi_describes_every_path_of_the_api()
    {
        var paths = JsonDocument.Parse(await _host.GetAsync("/openapi/v1.json")).RootElement.GetProperty("paths")
            .EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name} {path.Name}")).Order();

        Assert.Equal(
            [
                "delete /api/messages", "delete /api/messages/{id}", "delete /api/queue/{id}", "get /api/messages", "get /api/messages/{id}/raw",
                "get /api/queue", "get /api/queue/{id}", "get /api/reference", "get /api/reference/compare/{one}/{other}",
                "get /api/reference/reason/{name}", "get /api/reference/{code}",
                "get /api/reference/{code}/{enhanced}", "get /api/sessions", "get /api/sessions/{id}", "post /api/explain", "post /api/queue/{id}/retry",
            ],
            paths);
    }

    [Fact]
    public async Task OpenApi_knows_times_for_strings()
    {
        var schemas = JsonDocument.Parse(await _host.GetAsync("/openapi/v1.json")).RootElement.GetProperty("components").GetProperty("schemas");
        var session = schemas.GetProperty("SessionDocument").GetProperty("properties");

        Assert.Equal("""{"type":"string","format":"date-time"}""", JsonSerializer.Serialize(session.GetProperty("started")));
        Assert.Equal(["null", "string"], session.GetProperty("ended").GetProperty("type").EnumerateArray().Select(type => type.GetString()!));
    }

    [Fact]
    public async Task OpenApi_says_which_changes_need_the_token()
    {
        var paths = JsonDocument.Parse(await _host.GetAsync("/openapi/v1.json")).RootElement.GetProperty("paths");
        var guarded = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Where(method => method.Value.TryGetProperty("security", out _));

        Assert.Equal(["delete", "delete", "delete", "post"], guarded.Select(method => method.Name).Order());
    }

    [Fact]
    public async Task OpenApi_has_the_members_that_the_reference_writes()
    {
        var schemas = JsonDocument.Parse(await _host.GetAsync("/openapi/v1.json")).RootElement.GetProperty("components").GetProperty("schemas");

        Assert.Equal(Members(await _host.GetAsync("/api/reference/535")), Described("ExplanationDocument"));
        Assert.Equal(Members(await _host.GetAsync("/api/reference/compare/221/235")), Described("ComparisonDocument"));
        Assert.Equal(Members(await _host.GetAsync("/api/reference")), Described("CodesDocument"));

        IEnumerable<string> Described(string schema) => schemas.GetProperty(schema).GetProperty("properties").EnumerateObject().Select(member => member.Name);
        static IEnumerable<string> Members(string json) => JsonDocument.Parse(json).RootElement.EnumerateObject().Select(member => member.Name);
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("detail").GetString();
}
