using Pillarbox.Reference;

namespace Pillarbox.Tests.Commands;

public sealed class ExplainCommandTests
{
    [Fact]
    public async Task Code_is_explained_with_the_sessions_that_have_it()
    {
        var finished = await BuiltProgram.RunAsync(["explain", "535"]);

        Assert.Equal(0, finished.ExitCode);
        Assert.StartsWith("535 ", finished.Output, StringComparison.Ordinal);
        Assert.Contains("\n  S: 535", finished.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', finished.Output);
    }

    [Fact]
    public async Task Pasted_reply_is_explained_without_sessions()
    {
        var finished = await BuiltProgram.RunAsync(["explain", "said: 535 5.7.8 no"]);

        Assert.StartsWith("535 5.7.8 ", finished.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("S: ", finished.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_input_holds_a_reply_however_far_behind()
    {
        var filler = string.Concat(Enumerable.Repeat("nothing to see here\n", 5_000));

        var finished = await BuiltProgram.RunAsync(["explain", "-"], $"{filler}remote said: 550 5.1.1 no such user\n{filler}");

        Assert.Equal(0, finished.ExitCode);
        Assert.StartsWith("550 5.1.1 ", finished.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not a reply: standard input is empty")]
    [InlineData("hello\nthere\u001b[2J", "not a reply: hello there [2J")]
    public async Task Standard_input_without_a_reply_ends_with_1_and_one_plain_line(string input, string said)
    {
        var finished = await BuiltProgram.RunAsync(["explain", "-"], input);

        Assert.Equal((1, $"pillarbox: {said}\n", ""), (finished.ExitCode, finished.Error, finished.Output));
    }

    [Fact]
    public async Task Standard_input_that_is_too_long_ends_with_1()
    {
        var finished = await BuiltProgram.RunAsync(["explain", "-"], new string('x', (1 << 20) + 1));

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains("more than 1 MiB", finished.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--lang", "th", null)]
    [InlineData("--lang", "th-TH", null)]
    [InlineData("--json", "--json", "th_TH.UTF-8")]
    public async Task Language_is_that_of_the_option_else_of_the_environment(string option, string value, string? locale)
    {
        var environment = locale is null ? null : new Dictionary<string, string> { ["LC_ALL"] = locale };

        var finished = await BuiltProgram.RunAsync(option == value ? ["explain", "535", option] : ["explain", "535", option, value], environment: environment);

        Assert.Contains(ReplyReference.Explain(535, context: new(Language: "th"))!.Name, finished.Output, StringComparison.Ordinal);
    }
}
