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
                "get /api/queue", "get /api/queue/{id}", "get /api/reference/{code}", "get /api/sessions", "get /api/sessions/{id}",
                "post /api/queue/{id}/retry",
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
}
