using System.Collections.Concurrent;
using Microsoft.Playwright;
using Pillarbox.WebConsole.Tests;

[assembly: AssemblyFixture(typeof(Pillarbox.Browser.Tests.BrowserFixture))]

namespace Pillarbox.Browser.Tests;

/// <summary>A whole server with something to show, and Debian's Chromium without windows.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium-headless-shell";

    private TestHost _host = null!;
    private IPlaywright _playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    public HttpClient Http => _host.Http;

    /// <summary>What the console shows of a message with an HTML part, and of the session that brought it.</summary>
    public (string Message, string Session) Captured { get; private set; }

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync();
        var message = await _host.CaptureAsync(
            "Subject: Accounts of July\r\nFrom: Ann <ann@example.org>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            + "--b\r\nContent-Type: text/plain\r\n\r\nDear Bob,\r\n\r\nhere they are.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Dear <b>Bob</b>, here they are.</p>\r\n"
            + "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"July.pdf\"\r\n\r\nx\r\n--b--");
        using (var client = await SmtpClient.ConnectAsync(_host.Smtp("relay")))
        {
            await client.SayAsync("EHLO client.example.com", "250");
            await client.SayAsync("RCPT TO:<bob@example.net>", "503");
            await client.SayAsync("NONSENSE", "500");
            await client.SayAsync("QUIT", "221");
        }

        await _host.SendAsync("Subject: stuck\r\n\r\nThis one waits.", listener: "relay");
        while (!(await _host.GetAsync("/queue")).Contains("deferred", StringComparison.Ordinal))
            await Task.Delay(50);
        var session = (await _host.GetAsync($"/messages/{message}")).Split("href=\"/sessions/")[1].Split('"')[0];
        Captured = (message, session);

        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
        await _host.DisposeAsync();
    }

    /// <summary>A page of its own context; its path is of the server.</summary>
    public async Task<IPage> OpenAsync(string path, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool scripts = true)
    {
        var context = await Browser.NewContextAsync(new()
        {
            BaseURL = _host.Http.BaseAddress!.ToString(),
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            Locale = "en-GB",
            JavaScriptEnabled = scripts,
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync(path);
        return page;
    }

    /// <summary>The reference after a text was pasted into its form.</summary>
    public async Task<IPage> PasteAsync(string text, string language, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool scripts = true)
    {
        var page = await OpenAsync($"/reference?lang={language}", width, scheme, scripts);
        await page.Locator("details.paste summary").ClickAsync();
        await page.Locator("#text").FillAsync(text);
        await page.Locator("details.paste button").ClickAsync();
        return page;
    }

    /// <summary>Looks at each of some pages, two at a time.</summary>
    /// <param name="paths">The pages.</param>
    /// <param name="width">Of the window.</param>
    /// <param name="scheme">The colours.</param>
    /// <param name="look">What to do with each.</param>
    /// <param name="said">Takes what the browser complains of: faults of scripts, and what the page's policy forbids.</param>
    public async Task EachAsync(IEnumerable<string> paths, int width, ColorScheme scheme, Func<IPage, string, Task> look, Action<string>? said = null)
    {
        var queue = new ConcurrentQueue<string>(paths);
        await Task.WhenAll(LookAsync(), LookAsync());

        async Task LookAsync()
        {
            var page = await OpenAsync("/health/live", width, scheme);
            if (said is not null)
            {
                page.PageError += (_, error) => said($"{page.Url}: {error}");
                page.Console += (_, line) => Complain(page, line, said);
            }

            while (queue.TryDequeue(out var path))
            {
                await page.GotoAsync(path);
                await look(page, path);
            }

            await page.Context.CloseAsync();
        }
    }

    // A page that is not there is meant to be so.
    private static void Complain(IPage page, IConsoleMessage line, Action<string> said)
    {
        if (line.Type == "error" && !line.Text.Contains("404 (Not Found)", StringComparison.Ordinal))
            said($"{page.Url}: {line.Text}");
    }
}
