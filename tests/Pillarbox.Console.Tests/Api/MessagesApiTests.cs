using System.Net;
using System.Text;
using System.Text.Json;

namespace Pillarbox.WebConsole.Tests.Api;

public sealed class MessagesApiTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Messages_of_an_empty_capture_are_an_empty_list() => Assert.Equal("""{"messages":[]}""", await _host.GetAsync("/api/messages"));

    [Fact]
    public async Task Messages_have_the_contracts_members_and_no_others()
    {
        var id = await _host.CaptureAsync("Subject: =?utf-8?B?4Liq4Lin4Lix4Liq4LiU4Li1?= <b>\r\n\r\nHi", to: "bob@example.net cy@example.net");

        var json = await _host.GetAsync("/api/messages");
        var received = JsonDocument.Parse(json).RootElement.GetProperty("messages")[0].GetProperty("received").GetString();
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", received!);
        Assert.Equal(
            $$"""{"messages":[{"id":"{{id}}","from":"ann@example.org","to":["bob@example.net","cy@example.net"],"subject":"สวัสดี <b>","size":57,"received":"{{received}}"}]}""",
            json);
    }

    [Fact]
    public async Task Messages_are_newest_first_and_go_on_after_one()
    {
        string[] ids = [await _host.CaptureAsync("Subject: 1\r\n\r\n"), await _host.CaptureAsync("Subject: 2\r\n\r\n"), await _host.CaptureAsync("Subject: 3\r\n\r\n")];

        Assert.Equal(["3", "2"], await SubjectsAsync("/api/messages?limit=2"));
        Assert.Equal(["1"], await SubjectsAsync($"/api/messages?before={ids[1]}"));
        Assert.Empty(await SubjectsAsync($"/api/messages?before={ids[0]}"));
        Assert.Empty(await SubjectsAsync("/api/messages?limit=0"));
    }

    [Theory]
    [InlineData("/api/messages?limit=-1", HttpStatusCode.BadRequest)]
    [InlineData("/api/messages?limit=10001", HttpStatusCode.BadRequest)]
    [InlineData("/api/messages?limit=many", HttpStatusCode.BadRequest)]
    [InlineData("/api/messages?before=nothing", HttpStatusCode.NotFound)]
    [InlineData("/api/messages/nothing/raw", HttpStatusCode.NotFound)]
    [InlineData("/api/messages/0000000000000/raw", HttpStatusCode.NotFound)]
    [InlineData("/api/messages/..%2f..%2fconsole.token/raw", HttpStatusCode.NotFound)]
    public async Task Question_about_nothing_gets_a_plain_no(string path, HttpStatusCode expected)
    {
        using var response = await _host.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Raw_message_is_what_was_sent_octet_for_octet()
    {
        const string Message = "Subject: raw\r\n\r\n.dots\r\n..more\r\n\r\nlast <script>alert(1)</script>";
        var id = await _host.CaptureAsync(Message);

        using var response = await _host.Http.GetAsync($"/api/messages/{id}/raw", TestContext.Current.CancellationToken);
        Assert.Equal(Encoding.ASCII.GetBytes(Message + "\r\n"), await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("message/rfc822", response.Content.Headers.ContentType?.ToString());
        Assert.Equal($"attachment; filename={id}.eml; filename*=UTF-8''{id}.eml", response.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Message_deleted_with_the_token_is_gone()
    {
        var first = await _host.CaptureAsync("Subject: 1\r\n\r\n");
        await _host.CaptureAsync("Subject: 2\r\n\r\n");

        using var deleted = await _host.AskAsync(HttpMethod.Delete, $"/api/messages/{first}", _host.Authorization);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(["2"], await SubjectsAsync("/api/messages"));
        using var again = await _host.AskAsync(HttpMethod.Delete, $"/api/messages/{first}", _host.Authorization);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);

        using var cleared = await _host.AskAsync(HttpMethod.Delete, "/api/messages", _host.Authorization);
        Assert.Equal(HttpStatusCode.NoContent, cleared.StatusCode);
        Assert.Empty(await SubjectsAsync("/api/messages"));
    }

    private async Task<string[]> SubjectsAsync(string path) =>
        [.. JsonDocument.Parse(await _host.GetAsync(path)).RootElement.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("subject").GetString()!)];
}
