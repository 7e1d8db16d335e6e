using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Pillarbox.Browser.Tests;

/// <summary>The Nu HTML checker finds no error and no warning.</summary>
public sealed class HtmlTests(BrowserFixture fixture)
{
    // Warnings, not errors: how Razor writes elements without content; and what tells Safari that a list without bullets is one.
    private static readonly string[] Accepted = ["Trailing slash on void elements", "role is unnecessary for element"];

    [Fact]
    public async Task Pages_are_valid()
    {
        var pages = await SaveAsync(Shown.All(fixture));
        try
        {
            var messages = await CheckAsync(pages.Directory);
            Assert.True(messages.Count == 0, string.Join('\n', messages.Select(one => pages.Paths.Aggregate(one, (text, page) => text.Replace(page.Key, page.Value, StringComparison.Ordinal)))));
        }
        finally
        {
            Directory.Delete(pages.Directory, recursive: true);
        }
    }

    [Fact]
    public async Task Checker_knows_what_may_stand_in_what()
    {
        var directory = Directory.CreateTempSubdirectory("pillarbox-html-").FullName;
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(directory, "wrong.html"), "<!DOCTYPE html><html lang=en><title>x</title><ul><div>y</div></ul>", TestContext.Current.CancellationToken);

            Assert.Contains("not allowed as child of element", Assert.Single(await CheckAsync(directory)), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task<(string Directory, Dictionary<string, string> Paths)> SaveAsync(IEnumerable<string> paths)
    {
        var directory = Directory.CreateTempSubdirectory("pillarbox-html-").FullName;
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            using var response = await fixture.Http.GetAsync(path, TestContext.Current.CancellationToken);
            var name = string.Create(CultureInfo.InvariantCulture, $"page{names.Count:000}.html");
            await File.WriteAllBytesAsync(
                Path.Combine(directory, name), await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
            names.Add(name, path);
        }

        return (directory, names);
    }

    private static async Task<List<string>> CheckAsync(string directory)
    {
        var checker = NpmPackage.File("vnu-jar", "build/dist/vnu.jar");
        var start = new ProcessStartInfo("java", ["-jar", checker, "--format", "json", "--stdout", directory]) { RedirectStandardOutput = true };
        using var java = Process.Start(start)!;
        var report = await java.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await java.WaitForExitAsync(TestContext.Current.CancellationToken);
        return
        [
            .. JsonDocument.Parse(report).RootElement.GetProperty("messages").EnumerateArray().Where(IsFault).Select(message =>
                $"{Member(message, "url").Split('/')[^1]}:{Member(message, "lastLine")}: {Member(message, "message")} {Member(message, "extract")}"),
        ];
    }

    private static bool IsFault(JsonElement message) => !Accepted.Any(words => Member(message, "message").Contains(words, StringComparison.Ordinal));

    private static string Member(JsonElement message, string name) => message.TryGetProperty(name, out var value) ? value.ToString() : "";
}
