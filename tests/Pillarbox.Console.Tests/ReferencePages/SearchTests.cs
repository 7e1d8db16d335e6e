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
    public async Task Search_that_finds_nothing_says_so_and_leads_on()
    {
        var page = WebUtility.HtmlDecode(await _host.GetAsync("/reference?q=zzz"));

        Assert.Contains("No code in the list has these words, and no reply was found in them.", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/reference\">All codes</a>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(Rows(page).Values, shown => shown);
    }

    private static string Found(string page) => WebUtility.HtmlDecode(page.Split("<section class=\"found\"")[1].Split("</section>")[0]);

    private static Dictionary<string, bool> Rows(string page) =>
        Row().Matches(page).ToDictionary(row => row.Groups["code"].Value, row => !row.Groups["hidden"].Success);

    [GeneratedRegex("<li (?<hidden>hidden )?data-code=\"(?<code>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
