using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Pillarbox.Bounces;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.Tests.Api;

public sealed class ExplainApiTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost _host = shared.Host;

    [Theory]
    [InlineData("said: 535 5.7.8 Error: authentication failed", "text/plain; charset=utf-8")]
    [InlineData("said: 535 5.7.8 Error: authentication failed", "text/plain; charset=\"utf-8\"")]
    [InlineData("452 4.2.2 The email account that you tried to reach is over quota", "text/plain")]
    public async Task Text_is_explained_without_a_token(string text, string type)
    {
        using var response = await ExplainAsync(text, type, "?lang=th");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            Explainer.ExplainText(text, new ReplyContext(Language: "th"))!.ToJson(),
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("535", "535")]
    [InlineData(" 535 5.7.8\n", "535 5.7.8")]
    [InlineData("X.7.8", "5.7.8")]
    [InlineData("101", "101")]
    public async Task Code_is_explained_as_the_reference_has_it(string text, string code)
    {
        using var response = await ExplainAsync(text, "text/plain");

        Assert.Equal(ReplyReference.Find(code)!.ToJson(), await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Reply_is_found_however_far_behind_it_stands()
    {
        var log = string.Concat(Enumerable.Repeat("nothing to be seen in this line of the log\n", 20_000));
        using var response = await ExplainAsync($"{log}550 5.1.1 <bob@example.net>: no such user\n{log}", "text/plain");

        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("5.1.1", answer.RootElement.GetProperty("enhanced").GetString());
    }

    [Theory]
    [InlineData("hello", "text/plain", HttpStatusCode.UnprocessableEntity, "not a reply: hello")]
    [InlineData("", "text/plain", HttpStatusCode.UnprocessableEntity, "not a reply: the body is empty")]
    [InlineData(" \r\n", "text/plain", HttpStatusCode.UnprocessableEntity, "not a reply: the body is empty")]
    [InlineData("550 no", "application/json", HttpStatusCode.UnsupportedMediaType, "A reply comes as text/plain, a message as message/rfc822, not as application/json.")]
    [InlineData("550 no", "text/plain; charset=utf-16", HttpStatusCode.UnsupportedMediaType, "The text is read as UTF-8, not as utf-16.")]
    public async Task Text_that_is_no_reply_or_of_another_type_gets_words(string text, string type, HttpStatusCode status, string words)
    {
        using var response = await ExplainAsync(text, type);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(words, problem.RootElement.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("message/rfc822")]
    [InlineData("text/plain")]
    public async Task Message_that_came_back_is_answered_recipient_by_recipient(string type)
    {
        using var response = await ExplainAsync(BouncedMessages.TwoRecipients, type, "?lang=th");
        var json = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var message = new MemoryStream(Encoding.UTF8.GetBytes(BouncedMessages.TwoRecipients));
        Assert.Equal((await MessageReader.ReadAsync(message, "th", TestContext.Current.CancellationToken)).ToJson(), json);
        using var report = JsonDocument.Parse(json);
        Assert.Equal("bounce", report.RootElement.GetProperty("kind").GetString());
        Assert.Equal("th", report.RootElement.GetProperty("lang").GetString());
        Assert.Equal(
            [("bob@example.net", "userUnknown"), ("cem@example.com", "mailboxFull")],
            report.RootElement.GetProperty("recipients").EnumerateArray().Select(one => (one.GetProperty("address").GetString()!, one.GetProperty("reason").GetString()!)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("550 5.1.1 no header")]
    [InlineData("From: ann@example.org\r\nSubject: hello\r\n\r\nHello.\r\n")]
    public async Task Message_that_is_no_bounce_is_told_so(string message)
    {
        using var response = await ExplainAsync(message, "message/rfc822");

        Assert.Equal("""{"kind":"other","recipients":[],"lang":"en"}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("message/rfc822")]
    public async Task Body_of_many_megabytes_is_refused(string type) =>
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await _host.AnnounceAsync("/api/explain", type, 1 << 24));

    [Theory]
    [InlineData("text/plain")]
    [InlineData("message/rfc822")]
    public async Task Body_that_does_not_announce_its_length_is_refused_behind_the_limit(string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/explain") { Content = new ByteArrayContent(new byte[MessageReader.MaxLength + 1]) };
        request.Content.Headers.ContentType = new(type);
        request.Headers.TransferEncodingChunked = true;
        using var response = await _host.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Text_from_a_page_of_another_site_is_refused()
    {
        using var response = await _host.AskAsync(HttpMethod.Post, "/api/explain", ("Origin", "https://example.net"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task OpenApi_has_the_members_of_a_report()
    {
        var schemas = JsonDocument.Parse(await _host.GetAsync("/openapi/v1.json")).RootElement.GetProperty("components").GetProperty("schemas");
        using var response = await ExplainAsync(BouncedMessages.TwoRecipients, "message/rfc822");
        using var report = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        var described = schemas.GetProperty("MessageReportDocument").GetProperty("properties");
        Assert.Equal(Names(report.RootElement), Names(described));
        Assert.Equal(Names(report.RootElement.GetProperty("recipients")[0]), Names(described.GetProperty("recipients").GetProperty("items").GetProperty("properties")));

        static IEnumerable<string> Names(JsonElement members) => members.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal);
    }

    private async Task<HttpResponseMessage> ExplainAsync(string text, string type, string query = "")
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return await _host.Http.PostAsync($"/api/explain{query}", body, TestContext.Current.CancellationToken);
    }
}
