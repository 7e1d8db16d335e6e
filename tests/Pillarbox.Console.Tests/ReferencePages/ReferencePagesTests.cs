using System.Net;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.Tests.ReferencePages;

public sealed class ReferencePagesTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost _host = shared.Host;

    [Theory]
    [InlineData("en")]
    [InlineData("th")]
    public async Task List_has_every_code_with_its_name_and_a_link(string language)
    {
        var page = WebUtility.HtmlDecode(await _host.GetAsync($"/reference?lang={language}"));

        Assert.All(ReplyReference.List(language), one =>
        {
            Assert.Contains($"<a href=\"/reference/{one.Label}?lang={language}\">", page, StringComparison.Ordinal);
            Assert.Contains(one.Name, page, StringComparison.Ordinal);
        });
        foreach (var anchor in new[] { "2yz", "3yz", "4yz", "5yz", "x.0", "x.1", "x.2", "x.3", "x.4", "x.5", "x.6", "x.7", "vendor", "folklore" })
            Assert.Contains($"id=\"{anchor}\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("th")]
    public async Task Each_code_has_a_page_with_all_that_is_known_of_it(string language)
    {
        foreach (var one in ReplyReference.List(language))
        {
            var page = WebUtility.HtmlDecode(await _host.GetAsync($"/reference/{one.Label}?lang={language}"));
            var text = Text(page);
            Assert.Contains($"<html lang=\"{language}\" dir=\"ltr\">", page, StringComparison.Ordinal);
            Assert.Contains($"{one.Label} {one.Name}", text, StringComparison.Ordinal);
            Assert.Contains(one.Meaning, text, StringComparison.Ordinal);
            Assert.Contains(one.When, text, StringComparison.Ordinal);
            Assert.Contains(one.Right, text, StringComparison.Ordinal);
            Assert.All(one.Advice, advice => Assert.Contains(advice.Text, text, StringComparison.Ordinal));
            Assert.All(one.References, reference => Assert.Contains(reference, text, StringComparison.Ordinal));
            Assert.All(one.Pairs, pair => Assert.Contains($"href=\"/reference/{pair}?lang={language}\"", page, StringComparison.Ordinal));
            Assert.All(one.SeeAlso, other => Assert.Contains($"href=\"/reference/{other}?lang={language}\"", page, StringComparison.Ordinal));
            Assert.All(one.Examples.SelectMany(lines => lines), line => Assert.Contains(line, page, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Example_sessions_stress_the_line_that_has_the_code()
    {
        foreach (var one in ReplyReference.List().Where(one => one.Examples.Count > 0))
        {
            var page = await _host.GetAsync($"/reference/{one.Label}");
            var stressed = page.Split("<mark>").Skip(1).Select(rest => WebUtility.HtmlDecode(rest.Split("</mark>")[0])).ToList();
            Assert.True(stressed.Count > 0, $"{one.Label}: no line of an example is stressed");
            Assert.All(stressed, line => Assert.False(line.StartsWith("C:", StringComparison.Ordinal), $"{one.Label}: {line}"));
        }
    }

    [Fact]
    public async Task Written_comparisons_have_their_pages_and_are_linked_from_both_codes()
    {
        foreach (var (left, right) in ReplyReference.WrittenComparisons)
        {
            var path = $"/reference/compare/{left}/{right}";
            var comparison = ReplyReference.Compare(ReplyReference.Find(left)!, ReplyReference.Find(right)!);
            var text = Text(WebUtility.HtmlDecode(await _host.GetAsync(path)));
            Assert.Contains(comparison.Title, text, StringComparison.Ordinal);
            Assert.Contains(comparison.Summary, text, StringComparison.Ordinal);
            Assert.Contains(comparison.WhichWhen, text, StringComparison.Ordinal);
            Assert.All(comparison.Differences, difference => Assert.Contains(difference, text, StringComparison.Ordinal));
            foreach (var code in new[] { left, right })
                Assert.Contains($"href=\"{path}\"", await _host.GetAsync($"/reference/{code}"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/reference/compare/235/221", "/reference/compare/221/235")]
    [InlineData("/reference/compare/5.7.26/550?lang=th", "/reference/compare/550/5.7.26?lang=th")]
    [InlineData("/reference/compare?a=235&b=221", "/reference/compare/221/235")]
    [InlineData("/reference/compare?a=221&b=+235&lang=th", "/reference/compare/221/235?lang=th")]
    [InlineData("/reference/compare/550/X.1.1", "/reference/compare/550/5.1.1")]
    [InlineData("/reference/X.7.8", "/reference/5.7.8")]
    [InlineData("/reference/reason/mailboxfull?lang=th", "/reference/reason/mailboxFull?lang=th")]
    [InlineData("/reference/535%205.7.8?lang=th", "/reference/535/5.7.8?lang=th")]
    public async Task Other_ways_to_write_an_address_lead_to_the_one_there_is(string asked, string path)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = _host.Http.BaseAddress };
        using var response = await http.GetAsync(asked, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
        Assert.Equal(path, response.Headers.Location?.ToString());
        await _host.GetAsync(path);
    }

    [Theory]
    [InlineData("/reference/999", "\"999\" is no reply code. A basic code has three digits, as in 550; an enhanced one has three numbers, as in 5.7.8.")]
    [InlineData("/reference/535/hello", "\"535 hello\" is no reply code.")]
    [InlineData("/reference/compare/hello", "\"hello\" is no reply code.")]
    [InlineData("/reference/compare?a=hello", "\"hello\" is no reply code.")]
    [InlineData("/reference/reason/%3Cb%3E", "\"<b>\" is no reason of the reference.")]
    [InlineData("/reference/compare/221/221", "221 cannot be compared with itself. Name another code beside it.")]
    [InlineData("/reference/compare/221/%3Cb%3E", "\"<b>\" is no reply code.")]
    [InlineData("/reference/compare?a=221&b=hello", "\"hello\" is no reply code.")]
    [InlineData("/reference/compare/221/221?lang=th", "เปรียบเทียบ 221 กับตัวเองไม่ได้")]
    public async Task What_is_not_there_is_404_and_says_what_is_right(string path, string words)
    {
        using var response = await _host.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(words, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("/reference/compare/221", "/reference/compare?a=221")]
    [InlineData("/reference/compare/X.7.8?lang=th", "/reference/compare?a=5.7.8&lang=th")]
    [InlineData("/reference/reason?lang=th", "/reference?lang=th#reasons")]
    public async Task Address_that_is_a_part_of_another_leads_on(string asked, string path)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = _host.Http.BaseAddress };
        using var response = await http.GetAsync(asked, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(path, response.Headers.Location?.ToString());
        await _host.GetAsync(path.Split('#')[0]);
    }

    [Theory]
    [InlineData("a=221")]
    [InlineData("a=221&b=")]
    [InlineData("a=&b=221")]
    [InlineData("b=+221+")]
    public async Task Comparison_with_one_code_asks_for_the_other(string query)
    {
        var page = await _host.GetAsync($"/reference/compare?{query}");

        Assert.Contains("name=\"a\" value=\"221\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"b\" value", page, StringComparison.Ordinal);
    }

    // What a reader reads: without the marks of links and code in the middle of sentences.
    internal static string Text(string page) =>
        System.Text.RegularExpressions.Regex.Replace(System.Text.RegularExpressions.Regex.Replace(page, "</?(a|span|strong|code)(?=[ >])[^>]*>", ""), @"\s+", " ");
}
