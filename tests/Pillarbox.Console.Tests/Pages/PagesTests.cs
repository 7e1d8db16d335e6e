using System.Net;

namespace Pillarbox.WebConsole.Tests.Pages;

public sealed class PagesTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Page_without_messages_says_how_to_send_the_first()
    {
        var page = await _host.GetAsync("/");

        Assert.Contains($"./pillarbox send --server {_host.Smtp("capture")} --from ann@example.org --to bob@example.net", page, StringComparison.Ordinal);
        Assert.Contains("No session yet", page, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\" dir=\"ltr\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_lists_messages_and_sessions_with_each_reply_explained()
    {
        var id = await _host.CaptureAsync("Subject: Hello\r\n\r\nHi");

        var page = await _host.GetAsync("/");
        Assert.Contains($"href=\"/messages/{id}\">Hello</a>", page, StringComparison.Ordinal);
        Assert.Contains("<code>EHLO client.example.com</code>", page, StringComparison.Ordinal);
        Assert.Contains("<code>354 End data with &lt;CR&gt;&lt;LF&gt;.&lt;CR&gt;&lt;LF&gt;</code>", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/reference/2.1.5\"", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/reference/354\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_session_is_cut_in_the_list_and_whole_by_itself()
    {
        using (var client = await SmtpClient.ConnectAsync(_host.Smtp("capture")))
        {
            for (var i = 0; i < 80; i++)
                await client.SayAsync($"NOOP {i}.", "250");
        }

        var list = await _host.GetAsync("/sessions");
        Assert.Contains("The first 60 of 161 lines.", list, StringComparison.Ordinal);
        Assert.DoesNotContain("<code>NOOP 79.</code>", list, StringComparison.Ordinal);
        Assert.Contains("<code>NOOP 79.</code>", await _host.GetAsync($"/sessions/{list.Split("href=\"/sessions/")[1].Split('"')[0]}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_page_shows_the_text_the_fields_and_the_session_that_brought_it()
    {
        var id = await _host.CaptureAsync("Subject: Hello\r\nX-Odd: a  b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nHi there");

        var page = await _host.GetAsync($"/messages/{id}");
        Assert.Contains("<h1>Hello</h1>", page, StringComparison.Ordinal);
        Assert.Contains("Hi there", page, StringComparison.Ordinal);
        Assert.Contains("<dt>X-Odd</dt><dd>a  b</dd>", page, StringComparison.Ordinal);
        Assert.Contains($"/api/messages/{id}/raw", page, StringComparison.Ordinal);
        var session = page.Split("href=\"/sessions/")[1].Split('"')[0];
        Assert.Contains(id, await _host.GetAsync($"/sessions/{session}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_in_an_older_charset_is_readable()
    {
        var id = await _host.CaptureAsync(
            "Subject: =?windows-1251?B?z/Do4uXy?=\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n\u001b$B$3$s$K$A$O\u001b(B");

        var page = WebUtility.HtmlDecode(await _host.GetAsync($"/messages/{id}"));
        Assert.Contains("<h1>Привет</h1>", page, StringComparison.Ordinal);
        Assert.Contains("こんにちは", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queue_page_shows_what_waits_and_explains_why()
    {
        var id = await _host.SendAsync("Subject: stuck\r\n\r\n", listener: "relay");
        string page;
        while (!(page = await _host.GetAsync("/queue")).Contains("deferred", StringComparison.Ordinal))
            await Task.Delay(20, TestContext.Current.CancellationToken);

        Assert.Contains(id, page, StringComparison.Ordinal);
        Assert.Contains("bob@example.net", page, StringComparison.Ordinal);
        Assert.Contains("1 attempt", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/messages/0000000000000")]
    [InlineData("/messages/0000000000000/html")]
    [InlineData("/sessions/nothing")]
    [InlineData("/?before=nothing")]
    public async Task Page_that_is_not_there_says_so(string path)
    {
        using var response = await _host.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("<h1>Not here</h1>", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
