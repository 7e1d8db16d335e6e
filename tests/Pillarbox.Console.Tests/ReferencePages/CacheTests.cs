using System.Net;

namespace Pillarbox.WebConsole.Tests.ReferencePages;

public sealed class CacheTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost _host = shared.Host;

    [Theory]
    [InlineData("/reference")]
    [InlineData("/reference/535?lang=th")]
    [InlineData("/reference/compare/221/235")]
    [InlineData("/reference/reason/mailboxFull?lang=th")]
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

    [Theory]
    [InlineData("/reference?q=password")]
    [InlineData("/reference?q=550+5.1.1+bob@example.net")]
    public async Task Search_is_kept_nowhere_since_it_may_be_a_text_that_was_pasted(string path)
    {
        using var response = await _host.AskAsync(HttpMethod.Get, path);

        Assert.Equal("private, no-store", response.Headers.CacheControl?.ToString() is { } said ? string.Join(", ", said.Split(", ").OrderDescending()) : null);
        Assert.Null(response.Headers.ETag);
        Assert.Contains("Accept-Language", response.Headers.Vary);
    }

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/sessions", HttpStatusCode.OK)]
    [InlineData("/queue", HttpStatusCode.OK)]
    [InlineData("/reference", HttpStatusCode.OK)]
    [InlineData("/reference/535", HttpStatusCode.OK)]
    [InlineData("/reference/535/5.7.8?lang=th", HttpStatusCode.OK)]
    [InlineData("/reference/reason/mailboxFull", HttpStatusCode.OK)]
    [InlineData("/reference/compare", HttpStatusCode.OK)]
    [InlineData("/reference/compare/221/235", HttpStatusCode.OK)]
    [InlineData("/assets/reference.css", HttpStatusCode.OK)]
    [InlineData("/reference/999", HttpStatusCode.NotFound)]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    public async Task Head_is_answered_as_get_is_without_the_page(string path, HttpStatusCode status)
    {
        using var head = await _host.AskAsync(HttpMethod.Head, path);
        using var whole = await _host.AskAsync(HttpMethod.Get, path);

        Assert.Equal((status, status), (head.StatusCode, whole.StatusCode));
        Assert.Equal(whole.Headers.CacheControl?.ToString(), head.Headers.CacheControl?.ToString());
        Assert.Equal(whole.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
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
