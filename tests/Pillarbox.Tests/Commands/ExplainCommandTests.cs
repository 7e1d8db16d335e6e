using System.Globalization;
using System.Text;
using System.Text.Json;
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
    public async Task Message_that_came_back_is_explained_a_recipient_at_a_time()
    {
        var finished = await BuiltProgram.RunAsync(["explain", "-", "--json"], Bounce);

        Assert.Equal(0, finished.ExitCode);
        using var document = JsonDocument.Parse(finished.Output);
        Assert.Equal(["kind", "recipients", "lang"], document.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal("bounce", document.RootElement.GetProperty("kind").GetString());
        var recipients = document.RootElement.GetProperty("recipients").EnumerateArray().ToList();
        Assert.Equal(["bob@example.net", "eve@example.net"], recipients.Select(one => one.GetProperty("address").GetString()));
        Assert.Equal(["userUnknown", "mailboxFull"], recipients.Select(one => one.GetProperty("reason").GetString()));
        Assert.All(recipients, one => Assert.True(one.GetProperty("evidence").GetString()!.Length > 10 && one.GetProperty("confidence").GetDouble() > 0.5));
    }

    [Fact]
    public async Task Message_that_came_back_is_explained_to_people_with_a_text_to_send()
    {
        var finished = await BuiltProgram.RunAsync(["explain", "-"], Bounce);

        Assert.Contains("Recipient: bob@example.net", finished.Output, StringComparison.Ordinal);
        Assert.Contains("550 5.1.1", finished.Output, StringComparison.Ordinal);
        Assert.Contains("Text to send:", finished.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_words_do_not_steer_the_terminal()
    {
        var steering = Bounce.Replace("no such user here", "no \u001b[31msuch\u202e user\u0007", StringComparison.Ordinal).Replace("<bob@", "<b\u001bob@", StringComparison.Ordinal);

        foreach (var finished in new[] { await BuiltProgram.RunAsync(["explain", "-"], steering), await BuiltProgram.RunAsync(["explain", "550 5.1.1 no \u001b[31msuch\u202e user"]) })
            Assert.DoesNotContain(finished.Output.EnumerateRunes(), rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format || (Rune.IsControl(rune) && rune.Value != '\n'));
    }

    private const string Bounce = """
        From: MAILER-DAEMON@example.com
        To: ann@example.org
        Subject: failure notice

        Hi. This is the qmail-send program at example.com.

        <bob@example.net>:
        192.0.2.1 does not like recipient.
        Remote host said: 550 5.1.1 no such user here

        <eve@example.net>:
        Remote host said: 552 5.2.2 mailbox is over quota

        --- Below this line is a copy of the message.

        Subject: hello

        """;

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
