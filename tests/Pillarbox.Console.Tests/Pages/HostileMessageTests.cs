using System.Text;

namespace Pillarbox.WebConsole.Tests.Pages;

/// <summary>Everything that the pages show comes from strangers.</summary>
public sealed class HostileMessageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Attack = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'";
    private readonly TestHost _host = shared.Host;

    [Fact]
    public async Task Markup_in_subject_addresses_fields_and_text_is_shown_as_text()
    {
        var id = await _host.CaptureAsync(
            $"Subject: {Attack}\r\nFrom: {Attack}\r\nX-Field: {Attack}\r\n\r\n{Attack}</pre></main>",
            from: "\"<script>alert(3)</script>\"@example.org", to: "\"</title><script>alert(4)</script>\"@example.net");

        AssertHarmless(await _host.GetAsync("/"));
        AssertHarmless(await _host.GetAsync($"/messages/{id}"));
    }

    [Fact]
    public async Task Markup_in_encoded_words_is_shown_as_text()
    {
        var encoded = $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(Attack))}?=";
        var id = await _host.CaptureAsync(
            $"Subject: {encoded}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
            + $"--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{encoded}\"\r\n\r\nx\r\n--b--");

        var page = await _host.GetAsync($"/messages/{id}");
        AssertHarmless(page);
        AssertHarmless(await _host.GetAsync("/"));
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_in_a_session_is_shown_as_text()
    {
        using var client = await SmtpClient.ConnectAsync(_host.Smtp("capture"));
        await client.SayAsync($"EHLO {Attack}", "501");
        await client.SayAsync(Attack, "500");
        await client.SayAsync("NOOP \u202e\u0007", "250");

        AssertHarmless(await _host.GetAsync("/sessions"));
        AssertHarmless(await _host.GetAsync("/"));
    }

    [Fact]
    public async Task Html_part_is_shown_in_a_sandbox_and_as_source()
    {
        var id = await _host.CaptureAsync($"Subject: x\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>{Attack}");

        var page = await _host.GetAsync($"/messages/{id}");
        AssertHarmless(page);
        Assert.Contains($"sandbox referrerpolicy=\"no-referrer\" src=\"/messages/{id}/html\"", page, StringComparison.Ordinal);
        Assert.Contains("&lt;p&gt;Hello&lt;/p&gt;", page, StringComparison.Ordinal);

        using var part = await _host.Http.GetAsync($"/messages/{id}/html", TestContext.Current.CancellationToken);
        Assert.Equal("text/html; charset=utf-8", part.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
            Assert.Single(part.Headers.GetValues("Content-Security-Policy")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("no header section at all")]
    [InlineData(": no name\r\n\r\nx")]
    [InlineData("Content-Type: text/plain; charset=no-such-charset\r\n\r\nx")]
    [InlineData("Content-Type: multipart/mixed\r\n\r\nno boundary")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n--b\r\n--b--")]
    [InlineData("Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!not base64!!!")]
    [InlineData("Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nx")]
    [InlineData("Subject: \u00e4\u00f6\u00fc raw octets\r\nContent-Type: text/plain; charset=utf-16\r\n\r\nabc")]
    public async Task Message_of_any_shape_has_a_page(string message)
    {
        var id = await _host.CaptureAsync(message);

        Assert.Contains("Header fields", await _host.GetAsync($"/messages/{id}"), StringComparison.Ordinal);
        Assert.Contains($"/messages/{id}", await _host.GetAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_of_a_thousand_nested_parts_and_fields_has_a_page_of_bounded_length()
    {
        var message = new StringBuilder("Subject: nested\r\n");
        for (var i = 0; i < 1000; i++)
            message.Append("X-Many: ").Append('x', 900).Append("\r\n");
        for (var i = 0; i < 1000; i++)
            message.Append($"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n");
        var id = await _host.CaptureAsync(message.ToString());

        var page = await _host.GetAsync($"/messages/{id}");
        Assert.Contains("Only the beginning is shown", page, StringComparison.Ordinal);
        Assert.InRange(page.Length, 1000, 1 << 20);
    }

    [Fact]
    public async Task Text_of_many_megabytes_is_cut()
    {
        var line = new string('x', 990) + "\r\n";
        var id = await _host.CaptureAsync("Subject: long\r\n\r\n" + string.Concat(Enumerable.Repeat(line, 12_000)));

        var page = await _host.GetAsync($"/messages/{id}");
        Assert.Contains("Only the beginning is shown", page, StringComparison.Ordinal);
        Assert.InRange(page.Length, 100_000, 1 << 20);
    }

    private static void AssertHarmless(string page)
    {
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("</pre></main>\"", page, StringComparison.Ordinal);
    }
}
