using System.Net;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.Tests.ReferencePages;

public sealed class ReasonPagesTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost _host = shared.Host;

    [Theory]
    [InlineData("en")]
    [InlineData("th")]
    public async Task Each_reason_is_listed_and_has_a_page_with_all_that_is_known_of_it(string language)
    {
        var list = WebUtility.HtmlDecode(await _host.GetAsync($"/reference?lang={language}"));
        foreach (var reason in ReplyReference.Reasons(language))
        {
            var name = reason.Reason.ToName();
            Assert.Contains($"<a href=\"/reference/reason/{name}?lang={language}\">{reason.Name}</a>", list, StringComparison.Ordinal);
            var page = WebUtility.HtmlDecode(await _host.GetAsync($"/reference/reason/{name}?lang={language}"));
            var text = ReferencePagesTests.Text(page);
            Assert.Contains($"<h1>{reason.Name}</h1>", page, StringComparison.Ordinal);
            Assert.Contains(name, text, StringComparison.Ordinal);
            Assert.Contains(reason.Meaning, text, StringComparison.Ordinal);
            Assert.Contains(reason.When, text, StringComparison.Ordinal);
            Assert.NotEmpty(reason.Advice);
            Assert.All(reason.Advice, advice => Assert.Contains(advice.Text, text, StringComparison.Ordinal));
            Assert.NotEmpty(reason.SeeAlso);
            Assert.All(reason.SeeAlso, code => Assert.Contains($"href=\"/reference/{code}?lang={language}\"", page, StringComparison.Ordinal));
            Assert.Equal(reason.Wording?.Letter is not null, page.Contains("<pre class=\"letter\"", StringComparison.Ordinal));
            Assert.DoesNotMatch(@"\{\w+\}", text);
        }
    }

    [Fact]
    public async Task Text_to_send_says_what_belongs_in_its_places()
    {
        var letter = WebUtility.HtmlDecode((await _host.GetAsync("/reference/reason/mailboxFull")).Split("<pre class=\"letter\"")[1].Split("</pre>")[0]);

        Assert.Contains("\"[the reply, word for word]\"", letter, StringComparison.Ordinal);
        Assert.Contains("[your address]", letter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_lead_to_their_reason_and_reasons_to_the_codes_that_go_with_them()
    {
        foreach (var one in ReplyReference.List())
        {
            var name = one.Reason.ToName();
            Assert.Contains($"href=\"/reference/reason/{name}\"", await _host.GetAsync($"/reference/{one.Label}"), StringComparison.Ordinal);
        }

        var page = await _host.GetAsync("/reference/reason/authenticationFailed");
        Assert.All(
            ReplyReference.List().Where(one => one.Reason == ReplyReason.AuthenticationFailed),
            one => Assert.Contains($"href=\"/reference/{one.Label}\"", page, StringComparison.Ordinal));
    }
}
