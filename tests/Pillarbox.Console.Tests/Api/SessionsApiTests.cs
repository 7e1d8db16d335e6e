using System.Net;
using System.Text.Json;

namespace Pillarbox.WebConsole.Tests.Api;

public sealed class SessionsApiTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Session_has_the_contracts_members_and_no_others()
    {
        await _host.CaptureAsync("Subject: x\r\n\r\n");

        var session = (await SessionsAsync("/api/sessions"))[0];
        Assert.Equal(["id", "listener", "client", "started", "ended", "lines"], session.EnumerateObject().Select(member => member.Name));
        Assert.Equal("capture", session.GetProperty("listener").GetString());
        Assert.Equal("127.0.0.1", session.GetProperty("client").GetString());
        var lines = session.GetProperty("lines").EnumerateArray().ToList();
        Assert.All(lines, line => Assert.Equal(["at", "from", "text"], line.EnumerateObject().Select(member => member.Name)));
        Assert.Equal("server", lines[0].GetProperty("from").GetString());
        Assert.StartsWith("220 ", lines[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("client", lines[1].GetProperty("from").GetString());
        Assert.Equal("EHLO client.example.com", lines[1].GetProperty("text").GetString());
        Assert.EndsWith("Z", lines[0].GetProperty("at").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_that_runs_has_no_end_and_can_be_asked_for_by_its_id()
    {
        using var client = await SmtpClient.ConnectAsync(_host.Smtp("capture"));

        var session = (await SessionsAsync("/api/sessions?limit=1"))[0];
        Assert.Equal(JsonValueKind.Null, session.GetProperty("ended").ValueKind);
        var alone = JsonDocument.Parse(await _host.GetAsync($"/api/sessions/{session.GetProperty("id").GetString()}")).RootElement;
        Assert.Equal(session.GetProperty("started").GetString(), alone.GetProperty("started").GetString());
    }

    [Fact]
    public async Task Password_is_in_no_transcript()
    {
        var secret = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(24)).Replace("=", "", StringComparison.Ordinal);
        var response = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"\0ann\0{secret}"));
        using (var client = await SmtpClient.ConnectAsync(_host.Smtp("capture")))
        {
            await client.SayAsync("EHLO x.example", "250");
            await client.SayAsync($"AUTH PLAIN {response}", "235");
        }

        var shown = await _host.GetAsync("/api/sessions") + await _host.GetAsync("/sessions");
        Assert.Contains("AUTH PLAIN", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(response, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_that_never_was_gets_404()
    {
        using var response = await _host.Http.GetAsync("/api/sessions/nothing", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<JsonElement[]> SessionsAsync(string path) =>
        [.. JsonDocument.Parse(await _host.GetAsync(path)).RootElement.GetProperty("sessions").EnumerateArray()];
}
