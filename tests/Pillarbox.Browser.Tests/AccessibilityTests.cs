using System.Collections.Concurrent;
using Microsoft.Playwright;
using Pillarbox.WebConsole.Tests;

namespace Pillarbox.Browser.Tests;

/// <summary>axe finds nothing to complain of, in any width and colour.</summary>
public sealed class AccessibilityTests(BrowserFixture fixture)
{
    // A frame without scripts, as the HTML part of a message is shown in, cannot be looked into.
    private const string Run = """
        () => axe.run({ iframes: false, resultTypes: ["violations"] }).then(result => result.violations.map(one =>
          `${one.id}: ${one.help}: ${one.nodes.slice(0, 5).map(node => node.html).join(" | ")}`))
        """;

    private static readonly (int Width, ColorScheme Scheme)[] Looks =
        [(1280, ColorScheme.Light), (1280, ColorScheme.Dark), (390, ColorScheme.Dark), (390, ColorScheme.Light)];

    [Fact]
    public async Task Pages_have_no_violation_in_any_width_and_colour()
    {
        var axe = await File.ReadAllTextAsync(NpmPackage.File("axe-core", "axe.min.js"), TestContext.Current.CancellationToken);
        var faults = new ConcurrentBag<string>();
        await fixture.EachAsync(Shown.Kinds(fixture), 1280, ColorScheme.Light, async (page, path) =>
        {
            await page.EvaluateAsync(axe);
            foreach (var (width, scheme) in Looks)
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                foreach (var violation in await page.EvaluateAsync<string[]>(Run))
                    faults.Add($"{path} {width} {scheme}: {violation}");
            }
        });

        Assert.True(faults.IsEmpty, string.Join('\n', faults.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("th")]
    public async Task Answers_to_a_bounce_have_no_violation_in_any_width_and_colour(string language)
    {
        var page = await fixture.PasteAsync(BouncedMessages.TwoRecipients, language);
        await Assertions.Expect(page.Locator(".found")).ToHaveCountAsync(2);
        await page.EvaluateAsync(await File.ReadAllTextAsync(NpmPackage.File("axe-core", "axe.min.js"), TestContext.Current.CancellationToken));
        foreach (var (width, scheme) in Looks)
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            Assert.Empty(await page.EvaluateAsync<string[]>(Run));
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Checker_sees_text_that_is_too_pale_and_fields_without_a_label()
    {
        var page = await fixture.OpenAsync("/health/live");
        await page.SetContentAsync("<main><h1>x</h1><p><font color='#cccccc'>pale</font></p><input></main>");
        await page.EvaluateAsync(await File.ReadAllTextAsync(NpmPackage.File("axe-core", "axe.min.js"), TestContext.Current.CancellationToken));
        var violations = await page.EvaluateAsync<string[]>(Run);

        Assert.Contains(violations, violation => violation.StartsWith("color-contrast:", StringComparison.Ordinal));
        Assert.Contains(violations, violation => violation.StartsWith("label:", StringComparison.Ordinal));
        await page.Context.CloseAsync();
    }
}
