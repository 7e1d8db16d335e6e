using Microsoft.Playwright;
using Pillarbox.WebConsole.Tests;

namespace Pillarbox.Browser.Tests;

/// <summary>
/// For people who change the pages: leaves a picture of each, in each width and colour, in the directory that <c>PILLARBOX_SCREENSHOTS</c> names.
/// Runs only when it is asked for, with <c>-explicit only</c>.
/// </summary>
public sealed class ScreenshotTool(BrowserFixture fixture)
{
    private static readonly string Directory = Environment.GetEnvironmentVariable("PILLARBOX_SCREENSHOTS") ?? Path.GetTempPath();

    [Fact(Explicit = true)]
    public async Task Pages_are_pictured()
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var width in new[] { 390, 1280 })
            {
                var page = await fixture.OpenAsync("/", width, scheme);
                foreach (var path in Shown.All(fixture))
                {
                    await page.GotoAsync(path);
                    var name = string.Concat(path.Select(c => char.IsLetterOrDigit(c) || c == '.' ? c : '_'));
                    await page.ScreenshotAsync(new() { Path = $"{Directory}/{name}-{width}-{scheme}.png", FullPage = true });
                }

                await page.Context.CloseAsync();
                foreach (var language in new[] { "en", "th" })
                {
                    var pasted = await fixture.PasteAsync(BouncedMessages.TwoRecipients, language, width, scheme);
                    await pasted.ScreenshotAsync(new() { Path = $"{Directory}/bounce-{language}-{width}-{scheme}.png", FullPage = true });
                    await pasted.Context.CloseAsync();
                }
            }
        }
    }
}
