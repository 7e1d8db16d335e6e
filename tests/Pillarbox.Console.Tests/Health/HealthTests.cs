using System.Net;
using System.Text.Json;

namespace Pillarbox.WebConsole.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task Server_that_runs_is_live_and_ready()
    {
        await using var host = await TestHost.StartAsync();

        Assert.Equal("""{"status":"live","faults":[]}""", await host.GetAsync("/health/live"));
        Assert.Equal("""{"status":"ready","faults":[]}""", await host.GetAsync("/health/ready"));
    }

    [Fact]
    public async Task Server_whose_capture_is_broken_is_live_but_not_ready_and_says_why()
    {
        await using var host = await TestHost.StartAsync(captureIsBroken: true);

        Assert.Equal("""{"status":"live","faults":[]}""", await host.GetAsync("/health/live"));
        using var response = await host.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var health = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal("notReady", health.GetProperty("status").GetString());
        Assert.StartsWith("the store of captured messages fails", health.GetProperty("faults")[0].GetString(), StringComparison.Ordinal);
    }
}
