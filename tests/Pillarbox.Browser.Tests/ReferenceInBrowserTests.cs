using Microsoft.Playwright;

namespace Pillarbox.Browser.Tests;

public sealed class ReferenceInBrowserTests(BrowserFixture fixture)
{
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
        var page = await fixture.OpenAsync("/reference?lang=th", scripts: scripts);
        await page.Locator("details.paste summary").ClickAsync();
        await page.Locator("#text").FillAsync("<bob@example.net>: host mx.example.net said:\n550 5.1.1 no such user");
        await page.Locator("details.paste button").ClickAsync();

        await Assertions.Expect(page.Locator(".found")).ToContainTextAsync("550 5.1.1");
        await page.Locator(".found .more a").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("550 5.1.1");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "th");
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
