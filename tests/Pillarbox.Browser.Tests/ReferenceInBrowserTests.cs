using Microsoft.Playwright;
using Pillarbox.Reference;
using Pillarbox.WebConsole.ReferencePages;
using Pillarbox.WebConsole.Tests;

namespace Pillarbox.Browser.Tests;

public sealed class ReferenceInBrowserTests(BrowserFixture fixture)
{
    private static readonly string[] Searches =
    [
        "password", "PASSWORD mailbox", "53", "5.7", "x.7.8", "X.1", "x.", "4.7.500-699", "5 7", "spf dkim", "mailboxFull", "rcpt", "enddata", "-", ".", "\u00a0quota\t ", "(", "zzz", "\u0e23\u0e2b\u0e31\u0e2a", "",
    ];

    [Theory]
    [InlineData("en", "password", "535", "221")]
    [InlineData("en", "5.7.2", "5.7.26", "5.7.1")]
    [InlineData("en", "X.7.8", "5.7.8", "535")]
    [InlineData("th", "รหัสผ่าน", "535", "221")]
    [InlineData("th", "Password", "535", "221")]
    public async Task List_narrows_as_one_types(string language, string search, string shown, string hidden)
    {
        var page = await fixture.OpenAsync($"/reference?lang={language}");
        await page.Locator("#q").PressSequentiallyAsync(search);

        await Assertions.Expect(Row(page, hidden)).ToBeHiddenAsync();
        await Assertions.Expect(Row(page, shown)).ToBeVisibleAsync();
        var rows = await page.Locator("li[data-code]:visible").CountAsync();
        var all = await page.Locator("li[data-code]").CountAsync();
        await Assertions.Expect(page.Locator("#shown")).ToContainTextAsync($"{rows}");
        Assert.InRange(rows, 1, all / 2);
        Assert.Contains("q=", page.Url, StringComparison.Ordinal);

        // The server shows the same to those who come by the address that the page has now.
        await page.ReloadAsync();
        Assert.Equal(rows, await page.Locator("li[data-code]:visible").CountAsync());

        await page.Locator("#q").FillAsync("");
        await Assertions.Expect(Row(page, hidden)).ToBeVisibleAsync();
        Assert.Equal(all, await page.Locator("li[data-code]:visible").CountAsync());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Search_for_what_is_in_no_entry_says_so()
    {
        var page = await fixture.OpenAsync("/reference?lang=en");
        await page.Locator("#q").FillAsync("zzz");

        await Assertions.Expect(page.Locator("#shown")).ToContainTextAsync("No code in the list has these words.");
        await Assertions.Expect(page.Locator("li[data-code]:visible")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Text_that_is_pasted_is_explained(bool scripts)
    {
        var page = await fixture.PasteAsync("<bob@example.net>: host mx.example.net said:\n550 5.1.1 no such user", "th", scripts: scripts);

        await Assertions.Expect(page.Locator(".found")).ToContainTextAsync("550 5.1.1");
        await page.Locator(".found .more a").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("550 5.1.1");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "th");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en", 390)]
    [InlineData("th", 390)]
    [InlineData("th", 1280)]
    public async Task Bounce_that_is_pasted_is_answered_within_the_window_and_its_text_is_marked_at_one_click(string language, int width)
    {
        var page = await fixture.PasteAsync(BouncedMessages.TwoRecipients, language, width);

        await Assertions.Expect(page.Locator(".found")).ToHaveCountAsync(2);
        Assert.InRange(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), 1, width);
        var letter = page.Locator(".found .letter").First;
        await letter.ClickAsync();
        Assert.Equal((await letter.TextContentAsync())!.Trim(), (await page.EvaluateAsync<string>("() => getSelection().toString()")).Trim());
        await page.Locator(".found").Nth(1).Locator("a[href*='/reason/']").ClickAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", language);
        await Assertions.Expect(page.Locator("aside code")).ToHaveTextAsync("mailboxFull");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("th")]
    public async Task Script_finds_what_the_server_finds(string language)
    {
        var index = ReferenceIndex.In(ReferenceLanguage.For(language));
        var page = await fixture.OpenAsync($"/reference?lang={language}");
        foreach (var search in Searches)
        {
            await page.Locator("#q").FillAsync(search);
            var found = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('#list li[data-code]')].filter(row => !row.hidden).map(row => row.dataset.code)");
            var words = ReferenceIndex.Words(search);
            Assert.Equal((search, string.Join(' ', index.Entries.Where(entry => words.All(entry.IsFoundBy)).Select(entry => entry.Meaning.Label))), (search, string.Join(' ', found)));
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Choice_of_another_language_keeps_what_is_typed()
    {
        var page = await fixture.OpenAsync("/reference?lang=en");
        await page.Locator("#q").FillAsync("5.7.2 spf");
        await page.Locator(".languages a[hreflang=th]").ClickAsync();

        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "th");
        await Assertions.Expect(page.Locator("#q")).ToHaveValueAsync("5.7.2 spf");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task List_is_whole_and_searched_without_scripts()
    {
        var page = await fixture.OpenAsync("/reference", scripts: false);
        var all = await page.Locator("li[data-code]:visible").CountAsync();
        await page.Locator("#q").FillAsync("password");
        await page.Locator("#q").PressAsync("Enter");

        await Assertions.Expect(Row(page, "535")).ToBeVisibleAsync();
        await Assertions.Expect(Row(page, "221")).ToBeHiddenAsync();
        Assert.True(all > 150);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Code_is_compared_with_one_that_is_typed()
    {
        var page = await fixture.OpenAsync("/reference/535?lang=th");
        await page.Locator("#b").FillAsync("235");
        await page.Locator("#b").PressAsync("Enter");

        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"/reference/compare/235/535\?lang=th$"));
        await Assertions.Expect(page.Locator(".sides section")).ToHaveCountAsync(2);
        await page.Context.CloseAsync();
    }

    private static ILocator Row(IPage page, string code) => page.Locator($"li[data-code='{code}']");
}
