using System.Text.Json;
using Pillarbox.Reference;

namespace Pillarbox.Tests.Commands;

public sealed class CompareCommandTests
{
    [Theory]
    [InlineData("235", "221", "221", "235")]
    [InlineData("5.7.1", "550", "550", "5.7.1")]
    [InlineData("550 5.7.1", "X.7.8", "550 5.7.1", "5.7.8")]
    public async Task Document_has_the_smaller_code_left(string one, string other, string left, string right)
    {
        var finished = await BuiltProgram.RunAsync(["compare", one, other, "--json"]);

        Assert.Equal(0, finished.ExitCode);
        using var document = JsonDocument.Parse(finished.Output);
        Assert.Equal(
            ["title", "summary", "left", "right", "differences", "whichWhen", "lang"],
            document.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(ReplyReference.Find(left)!.ToJson(), Compact(document.RootElement.GetProperty("left")));
        Assert.Equal(ReplyReference.Find(right)!.ToJson(), Compact(document.RootElement.GetProperty("right")));
    }

    [Fact]
    public async Task Text_is_in_the_language_that_was_chosen()
    {
        var finished = await BuiltProgram.RunAsync(["compare", "221", "235", "--lang", "th"]);

        var comparison = ReplyReference.Compare(ReplyReference.Find("221", new(Language: "th"))!, ReplyReference.Find("235", new(Language: "th"))!);
        Assert.Equal(0, finished.ExitCode);
        Assert.Equal(string.Join('\n', ReplyReference.TextLines(comparison)) + "\n", finished.Output);
    }

    [Theory]
    [InlineData("221", "hello", "not a code: hello; write 550, 5.7.1, X.7.1 or \"550 5.7.1\"")]
    [InlineData("999", "221", "not a code: 999; write 550, 5.7.1, X.7.1 or \"550 5.7.1\"")]
    [InlineData("550", "550", "both are 550; name two codes that differ")]
    [InlineData("X.7.8", "5.7.8", "both are 5.7.8; name two codes that differ")]
    public async Task What_cannot_be_compared_ends_with_1_and_one_line(string one, string other, string said)
    {
        var finished = await BuiltProgram.RunAsync(["compare", one, other]);

        Assert.Equal((1, $"pillarbox: {said}\n", ""), (finished.ExitCode, finished.Error, finished.Output));
    }

    private static string Compact(JsonElement element)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            element.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
