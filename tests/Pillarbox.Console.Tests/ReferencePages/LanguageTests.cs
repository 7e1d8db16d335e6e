using System.Net;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.Tests.ReferencePages;

public sealed class LanguageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly TestHost _host = shared.Host;

    [Theory]
    [InlineData("/reference/535", null, "en")]
    [InlineData("/reference/535", "th", "th")]
    [InlineData("/reference/535", "th-TH,th;q=0.9,en;q=0.8", "th")]
    [InlineData("/reference/535", "en;q=0.5, th;q=0.9", "th")]
    [InlineData("/reference/535", "xx, *;q=0.1", "en")]
    [InlineData("/reference/535", "th;q=0, en;q=0.1", "en")]
    [InlineData("/reference/535", "not a header", "en")]
    [InlineData("/reference/535?lang=th", "en", "th")]
    [InlineData("/reference/535?lang=th-TH", "en", "th")]
    [InlineData("/reference/535?lang=en", "th", "en")]
    [InlineData("/reference/535?lang=xx", "th", "en")]
    [InlineData("/reference/535?lang=", "th", "th")]
    [InlineData("/reference", "th", "th")]
    [InlineData("/reference/compare", "th", "th")]
    [InlineData("/reference/compare/221/235", "th", "th")]
    public async Task Language_is_the_addresss_else_the_browsers_else_English(string path, string? wishes, string language)
    {
        using var response = await _host.AskAsync(HttpMethod.Get, path, wishes is null ? [] : [("Accept-Language", wishes)]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("Accept-Language", response.Headers.Vary);
        Assert.Contains($"<html lang=\"{language}\" dir=\"ltr\">", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/reference")]
    [InlineData("/reference/535")]
    [InlineData("/reference/535/5.7.8")]
    [InlineData("/reference/4.7.500-699")]
    [InlineData("/reference/compare")]
    [InlineData("/reference/compare/221/235")]
    [InlineData("/reference/reason/mailboxFull")]
    public async Task Page_names_itself_in_every_language(string path)
    {
        var origin = _host.Http.BaseAddress!.ToString().TrimEnd('/');
        foreach (var language in ReplyReference.Languages)
        {
            var page = await _host.GetAsync($"{path}?lang={language}");
            Assert.Contains($"<link rel=\"canonical\" href=\"{origin}{path}?lang={language}\"", page, StringComparison.Ordinal);
            foreach (var other in ReplyReference.Languages)
            {
                Assert.Contains($"<link rel=\"alternate\" hreflang=\"{other}\" href=\"{origin}{path}?lang={other}\"", page, StringComparison.Ordinal);
                Assert.Contains($"<a href=\"{path}?lang={other}\" hreflang=\"{other}\" lang=\"{other}\"", page, StringComparison.Ordinal);
            }

            Assert.Contains($"<link rel=\"alternate\" hreflang=\"x-default\" href=\"{origin}{path}\"", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Links_keep_a_language_that_was_asked_for_and_leave_the_choice_open_otherwise()
    {
        var open = (await _host.GetAsync("/reference/535")).Split("<main")[1];
        Assert.DoesNotMatch("href=\"/(?!api/)[^\"]*lang=", open);
        Assert.Contains("href=\"/reference/", open, StringComparison.Ordinal);
        Assert.DoesNotMatch("href=\"/reference[^\"?]*\"", (await _host.GetAsync("/reference/535?lang=th")).Split("<body")[1]);
    }

    [Theory]
    [InlineData("/reference?q=mailbox+%26+full", "&amp;q=mailbox%20%26%20full")]
    [InlineData("/reference/compare?a=221", "&amp;a=221")]
    public async Task Choice_of_another_language_keeps_what_was_asked_for(string path, string kept)
    {
        var page = await _host.GetAsync(path);

        Assert.Contains($"?lang=th{kept}\" hreflang=\"th\"", page, StringComparison.Ordinal);
    }
}
