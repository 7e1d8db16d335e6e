using System.Net;
using System.Text.RegularExpressions;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.Tests.ReferencePages;

public sealed partial class SearchTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost _host = shared.Host;

    [Theory]
    [InlineData("password", "535", "221")]
    [InlineData("PASSWORD", "535", "221")]
    [InlineData("53", "535", "221")]
    [InlineData("x.7.8", "5.7.8", "5.7.9")]
    [InlineData("authentication required", "530", "221")]
    [InlineData("รหัสผ่าน&lang=th", "535", "221")]
    [InlineData("password&lang=th", "535", "221")]
    public async Task Search_without_scripts_shows_what_has_all_its_words(string search, string shown, string hidden)
    {
        var rows = Rows(await _host.GetAsync($"/reference?q={search}"));

        Assert.True(rows[shown]);
        Assert.False(rows[hidden]);
        Assert.Equal(ReplyReference.List().Count, rows.Count);
    }

    [Fact]
    public async Task Search_for_nothing_shows_all() => Assert.All(Rows(await _host.GetAsync("/reference?q=+")).Values, Assert.True);

    [Theory]
    [InlineData("smtp%3B+550+5.1.1+no+such+user", "550 5.1.1")]
    [InlineData("535", "535")]
    public async Task Search_that_is_a_reply_is_explained(string search, string label)
    {
        var page = await _host.GetAsync($"/reference?q={search}");

        Assert.Contains(ReplyReference.Find(label)!.Name, Found(page), StringComparison.Ordinal);
        Assert.Contains(Rows(page).Values, shown => shown);
    }

    [Fact]
    public async Task Text_that_was_pasted_is_explained_and_its_contradictions_are_named()
    {
        var page = await PasteAsync("postfix/smtp[7]: to=<bob@example.net>, said: 450 5.1.1 <script>no such user (in reply to RCPT TO command)");

        Assert.Contains("450 5.1.1", Found(page), StringComparison.Ordinal);
        Assert.Contains("Contradiction", Found(page), StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;no such user", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_without_a_reply_is_told_so() =>
        Assert.Contains("No reply was found in this text.", await PasteAsync("hello"), StringComparison.Ordinal);

    [Fact]
    public async Task Form_of_another_site_is_refused()
    {
        using var response = await _host.AskAsync(HttpMethod.Post, "/reference", ("Origin", "https://example.net"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Form_of_many_megabytes_is_refused() =>
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await _host.AnnounceAsync("/reference", "application/x-www-form-urlencoded", 1 << 24));

    private async Task<string> PasteAsync(string text)
    {
        using var form = new FormUrlEncodedContent([new("text", text)]);
        using var response = await _host.Http.PostAsync("/reference", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static string Found(string page) => WebUtility.HtmlDecode(page.Split("<section class=\"found\"")[1].Split("</section>")[0]);

    private static Dictionary<string, bool> Rows(string page) =>
        Row().Matches(page).ToDictionary(row => row.Groups["code"].Value, row => !row.Groups["hidden"].Success);

    [GeneratedRegex("<li (?<hidden>hidden )?data-code=\"(?<code>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
