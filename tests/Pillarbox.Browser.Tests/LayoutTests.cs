using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Pillarbox.Browser.Tests;

public sealed class LayoutTests(BrowserFixture fixture)
{
    // The places where lines of a text end, and whether a word ends there too, by the browser's own dictionary.
    private const string BrokenWords = """
        () => {
          const words = new Intl.Segmenter("th", { granularity: "word" }), broken = [];
          let lines = 0;
          for (const element of document.querySelectorAll("main p, main li, main dd")) {
            const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
              const node = walker.currentNode, text = node.data, range = document.createRange();
              if (!/[\u0e01-\u0e5b]/.test(text)) continue;
              const starts = new Set([...words.segment(text)].map(word => word.index));
              let top = null;
              for (let i = 0; i < text.length; i++) {
                range.setStart(node, i); range.setEnd(node, i + 1);
                const box = range.getClientRects()[0];
                if (!box || box.width === 0) continue;
                if (top !== null && box.top > top + 8) { lines++; if (!starts.has(i)) broken.push(text.slice(i - 12, i) + "/" + text.slice(i, i + 12)); }
                top = box.top;
              }
            }
          }
          return [String(lines), ...broken];
        }
        """;

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task Pages_are_no_wider_than_the_window_and_do_nothing_that_is_forbidden(int width)
    {
        var faults = new ConcurrentBag<string>();
        await fixture.EachAsync(Shown.All(fixture), width, ColorScheme.Light, async (page, path) =>
        {
            var wide = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            if (wide > width)
                faults.Add($"{path}: {wide} wide");
        }, said => faults.Add(said));

        Assert.True(faults.IsEmpty, string.Join('\n', faults.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("/reference/535?lang=th")]
    [InlineData("/reference/compare/221/235?lang=th")]
    public async Task Thai_is_in_a_font_that_comes_along_and_breaks_at_words(string path)
    {
        var page = await fixture.OpenAsync(path, 390);
        await page.EvaluateAsync("() => document.fonts.ready.then(() => true)");

        Assert.True(await page.EvaluateAsync<bool>("() => [...document.fonts].some(font => font.family.includes('Noto Sans Thai') && font.status === 'loaded')"));
        var lines = await page.EvaluateAsync<string[]>(BrokenWords);
        Assert.True(int.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture) > 3);
        Assert.Equal([], lines[1..]);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Thai_is_nowhere_left_to_a_font_that_may_not_have_it()
    {
        var faults = new ConcurrentBag<string>();
        await fixture.EachAsync(Shown.All(fixture).Where(path => path.EndsWith("lang=th", StringComparison.Ordinal)), 1280, ColorScheme.Light, async (page, path) =>
        {
            var without = await page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll("body *")].filter(element =>
                  [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && /[\u0e01-\u0e5b]/.test(node.data))
                  && !getComputedStyle(element).fontFamily.includes("Noto Sans Thai")).map(element => element.outerHTML)
                """);
            foreach (var element in without)
                faults.Add($"{path}: {element}");
        });

        Assert.True(faults.IsEmpty, string.Join('\n', faults.Order(StringComparer.Ordinal)));
    }

    // Marks that stand above and below each other need more room than a line of Latin text has.
    [Fact]
    public async Task Lines_of_Thai_have_room_for_vowels_and_tone_marks()
    {
        var page = await fixture.OpenAsync("/reference/535?lang=th", 390);

        Assert.True(await page.EvaluateAsync<bool>(
            """
            () => [...document.querySelectorAll("main p, main dd, main li, h1, h2")].every(element => {
              const style = getComputedStyle(element);
              return parseFloat(style.lineHeight) >= 1.45 * parseFloat(style.fontSize);
            })
            """));
        await page.Context.CloseAsync();
    }
}
