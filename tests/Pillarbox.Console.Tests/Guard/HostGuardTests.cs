using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pillarbox.WebConsole.Tests.Guard;

public sealed class HostGuardTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost _host = shared.Host;

    public static TheoryData<string> Paths =>
        ["/", "/sessions", "/queue", "/api/messages", "/api/sessions", "/api/queue", "/api/reference/535", "/metrics", "/health/live", "/openapi/v1.json", "/assets/console.css", "/nothing"];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Request_that_names_a_foreign_host_is_refused(string path)
    {
        using var response = await _host.AskAsync(HttpMethod.Get, path, ("Host", "mail.evil.example"));

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal($"This is Pillarbox's console. Ask for it by its address, such as http://localhost:{_host.Console.Port}/.\n", text);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8025")]
    [InlineData("127.0.0.1:9")]
    [InlineData("127.0.0.53")]
    [InlineData("[::1]:8025")]
    public async Task Request_that_names_the_loopback_is_served(string host)
    {
        using var response = await _host.AskAsync(HttpMethod.Get, "/health/live", ("Host", host));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("localhost.evil.example")]
    [InlineData("evil.example:8025")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("192.0.2.1")]
    [InlineData("0.0.0.0")]
    public async Task Request_that_names_nearly_the_loopback_is_refused(string host)
    {
        using var response = await _host.AskAsync(HttpMethod.Get, "/health/live", ("Host", host));

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
    }

    [Fact]
    public async Task Request_that_names_no_host_is_refused()
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(_host.Console, TestContext.Current.CancellationToken);
        await tcp.GetStream().WriteAsync("GET /api/messages HTTP/1.0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(tcp.GetStream(), Encoding.ASCII);

        Assert.StartsWith("HTTP/1.1 421 ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Change_that_a_foreign_page_asks_for_is_refused_even_with_the_token(string header, string value)
    {
        var id = await _host.CaptureAsync("Subject: x\r\n\r\n");

        using var response = await _host.AskAsync(HttpMethod.Delete, $"/api/messages/{id}", _host.Authorization, (header, value));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(id, await _host.GetAsync("/api/messages"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_that_an_own_page_asks_for_is_served_with_the_token()
    {
        var id = await _host.CaptureAsync("Subject: x\r\n\r\n");

        using var response = await _host.AskAsync(
            HttpMethod.Delete, $"/api/messages/{id}", _host.Authorization, ("Origin", $"http://{_host.Console}"), ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Answer_forbids_scripts_frames_and_sniffing(string path)
    {
        using var response = await _host.Http.GetAsync(path, TestContext.Current.CancellationToken);

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
    }
}
