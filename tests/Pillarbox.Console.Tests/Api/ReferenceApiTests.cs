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
    [InlineData("/api/reference/compare/221/999", "999 is no reply code: 200 to 599, or an enhanced code such as 5.7.8.")]
    [InlineData("/api/reference/535/x", "535 x is no reply code: 200 to 599, or an enhanced code such as 5.7.8.")]
    public async Task What_cannot_be_compared_or_explained_gets_404_with_words(string path, string words)
    {
        using var response = await _host.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(words, await DetailAsync(response));
    }

    [Fact]
    public async Task Text_is_explained_without_a_token()
    {
        const string Text = "said: 535 5.7.8 Error: authentication failed";
        using var response = await ExplainAsync(Text, "text/plain; charset=utf-8", "?lang=th");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            Explainer.ExplainText(Text, new ReplyContext(Language: "th"))!.ToJson(),
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("hello", "text/plain", HttpStatusCode.UnprocessableEntity, "not a reply: hello")]
    [InlineData("", "text/plain", HttpStatusCode.UnprocessableEntity, "not a reply: ")]
    [InlineData("550 no", "message/rfc822", HttpStatusCode.UnsupportedMediaType, "Whole messages are not explained yet; send the reply in it as text/plain.")]
    [InlineData("550 no", "application/json", HttpStatusCode.UnsupportedMediaType, "A reply comes as text/plain, not as application/json.")]
    [InlineData("550 no", "text/plain; charset=utf-16", HttpStatusCode.UnsupportedMediaType, "The text is read as UTF-8, not as utf-16.")]
    public async Task Text_that_is_no_reply_or_of_another_type_gets_words(string text, string type, HttpStatusCode status, string words)
    {
        using var response = await ExplainAsync(text, type);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(words, await DetailAsync(response));
    }

    [Fact]
    public async Task Text_of_many_megabytes_is_refused() =>
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await _host.AnnounceAsync("/api/explain", "text/plain", 1 << 24));

    [Fact]
    public async Task Text_from_a_page_of_another_site_is_refused()
    {
        using var response = await _host.AskAsync(HttpMethod.Post, "/api/explain", ("Origin", "https://example.net"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
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
                "get /api/queue", "get /api/queue/{id}", "get /api/reference", "get /api/reference/compare/{one}/{other}", "get /api/reference/{code}",
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

    private async Task<HttpResponseMessage> ExplainAsync(string text, string type, string query = "")
    {
        using var body = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(text));
        body.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        return await _host.Http.PostAsync($"/api/explain{query}", body, TestContext.Current.CancellationToken);
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("detail").GetString();
}
