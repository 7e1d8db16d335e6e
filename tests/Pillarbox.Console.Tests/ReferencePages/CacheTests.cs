using System.Net;

namespace Pillarbox.WebConsole.Tests.ReferencePages;

public sealed class CacheTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost _host = shared.Host;

    [Theory]
    [InlineData("/reference")]
    [InlineData("/reference/535?lang=th")]
    [InlineData("/reference/compare/221/235")]
    public async Task Page_that_the_browser_has_is_not_sent_again(string path)
    {
        using var first = await _host.AskAsync(HttpMethod.Get, path);
        var tag = first.Headers.ETag!.ToString();
        using var again = await _host.AskAsync(HttpMethod.Get, path, ("If-None-Match", tag));
        using var other = await _host.AskAsync(HttpMethod.Get, path, ("If-None-Match", "\"other\""));

        Assert.Equal(TimeSpan.FromMinutes(5), first.Headers.CacheControl?.MaxAge);
        Assert.False(first.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Tag_of_one_language_is_not_that_of_another()
    {
        using var english = await _host.AskAsync(HttpMethod.Get, "/reference/535");
        using var thai = await _host.AskAsync(HttpMethod.Get, "/reference/535", ("Accept-Language", "th"), ("If-None-Match", english.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.OK, thai.StatusCode);
    }

    [Theory]
    [InlineData("/assets/reference.js", "text/javascript; charset=utf-8")]
    [InlineData("/assets/noto-sans-thai.woff2", "font/woff2")]
    [InlineData("/assets/noto-sans-thai.LICENSE.txt", "text/plain; charset=utf-8")]
    public async Task What_pages_lean_on_is_there(string path, string type)
    {
        using var response = await _host.AskAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Pages_let_only_files_of_ours_run_and_those_of_strangers_texts_none()
    {
        using var reference = await _host.AskAsync(HttpMethod.Get, "/reference");
        using var messages = await _host.AskAsync(HttpMethod.Get, "/");

        Assert.Contains("default-src 'none'", Policy(reference), StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", Policy(reference), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", Policy(reference), StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", Policy(messages), StringComparison.Ordinal);
        Assert.Contains("form-action 'none'", Policy(messages), StringComparison.Ordinal);
    }

    private static string Policy(HttpResponseMessage response) => Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
}
