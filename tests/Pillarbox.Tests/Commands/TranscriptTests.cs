using Pillarbox.Commands.Send;
using Pillarbox.Protocol.Replies;
using Pillarbox.Reference;

namespace Pillarbox.Tests.Commands;

public sealed class TranscriptTests
{
    [Fact]
    public void Replies_stay_as_they_came_and_explanations_are_in_the_language_that_was_chosen()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var transcript = new Transcript(TimeProvider.System, output, "th");

        transcript.Reply(new RemoteReply(220, default, "mx.example.org ESMTP"));
        transcript.Command("RCPT TO:<bob@example.org>");
        transcript.Reply(new RemoteReply(550, new(5, 1, 1), "No such user\nhere"));

        var context = new ReplyContext(Language: "th");
        var refusal = Explainer.ExplainText("550 5.1.1 No such user here", context with { Command = "RCPT" })!;
        var greeting = ReplyReference.Explain(220, null, context with { Command = "connection" })!;
        Assert.Equal(
            [
                "S: 220 mx.example.org ESMTP",
                $"       220: {greeting.Name}",
                "C: RCPT TO:<bob@example.org>",
                "S: 550-5.1.1 No such user",
                "S: 550 5.1.1 here",
                .. ReplyReference.TextLines(refusal, 71).Select(line => $"       {line}"),
            ],
            output.ToString().TrimEnd('\n').Split('\n'));
        Assert.All(transcript.Lines.Select(line => line.Explanation?.Lang).OfType<string>(), tag => Assert.Equal("th", tag));
    }
}
