using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pillarbox.WebConsole.Tests.Api;

public sealed partial class QueueApiTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Queue_has_the_contracts_members_and_no_others()
    {
        var id = await DeferAsync();

        var json = Times().Replace(await _host.GetAsync("/api/queue"), "TIME");
        var recipient = Queued(json)[0].GetProperty("recipients")[0];
        var reply = JsonSerializer.Serialize(recipient.GetProperty("lastReply").GetString());
        Assert.Contains("127.0.0.1", reply, StringComparison.Ordinal);
        Assert.Equal(
            $$"""{"id":"{{id}}","from":"ann@example.org","size":SIZE,"accepted":"TIME","recipients":[{"address":"bob@example.net","state":"deferred","attempts":1,"next":"TIME","lastReply":{{reply}}}]}""",
            Sizes().Replace(Queued(json)[0].GetRawText(), "\"size\":SIZE"));
        Assert.Equal(
            Queued(json)[0].GetRawText(),
            Times().Replace(await _host.GetAsync($"/api/queue/{id}"), "TIME"));
        Assert.StartsWith("""{"messages":[{""", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queue_goes_on_after_a_message()
    {
        string[] ids = [await DeferAsync(), await DeferAsync(), await DeferAsync()];

        Assert.Equal(ids, await IdsAsync("/api/queue"));
        Assert.Equal(ids[..2], await IdsAsync("/api/queue?limit=2"));
        Assert.Equal(ids[2..], await IdsAsync($"/api/queue?after={ids[1]}"));
    }

    [Fact]
    public async Task Retry_with_the_token_tries_the_message_again()
    {
        var id = await DeferAsync();

        using var response = await _host.AskAsync(HttpMethod.Post, $"/api/queue/{id}/retry", _host.Authorization);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        while ((await RecipientAsync(id)).GetProperty("attempts").GetInt32() < 2)
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Message_deleted_with_the_token_is_gone_without_a_report()
    {
        var id = await DeferAsync();

        using var response = await _host.AskAsync(HttpMethod.Delete, $"/api/queue/{id}", _host.Authorization);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(await IdsAsync("/api/queue"));
    }

    [Theory]
    [InlineData("GET", "/api/queue/0000000000000")]
    [InlineData("GET", "/api/queue/nothing")]
    [InlineData("POST", "/api/queue/0000000000000/retry")]
    [InlineData("DELETE", "/api/queue/0000000000000")]
    public async Task Question_about_no_message_gets_404(string method, string path)
    {
        using var response = await _host.AskAsync(HttpMethod.Parse(method), path, _host.Authorization);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<string> DeferAsync()
    {
        var id = await _host.SendAsync("Subject: stuck\r\n\r\n", listener: "relay");
        while ((await RecipientAsync(id)).GetProperty("state").GetString() != "deferred")
            await Task.Delay(20, TestContext.Current.CancellationToken);
        return id;
    }

    private async Task<JsonElement> RecipientAsync(string id) =>
        JsonDocument.Parse(await _host.GetAsync($"/api/queue/{id}")).RootElement.GetProperty("recipients")[0];

    private async Task<string[]> IdsAsync(string path) => [.. Queued(await _host.GetAsync(path)).Select(message => message.GetProperty("id").GetString()!)];

    private static JsonElement[] Queued(string json) => [.. JsonDocument.Parse(json).RootElement.GetProperty("messages").EnumerateArray()];

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")]
    private static partial Regex Times();

    [GeneratedRegex("\"size\":[0-9]+")]
    private static partial Regex Sizes();
}
