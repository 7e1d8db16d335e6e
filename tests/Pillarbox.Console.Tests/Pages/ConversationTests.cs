using Pillarbox.WebConsole.Pages;
using Pillarbox.Server.Sessions;

namespace Pillarbox.WebConsole.Tests.Pages;

public sealed class ConversationTests
{
    [Fact]
    public void Reply_is_explained_once_by_its_last_line()
    {
        var lines = Read("S: 220 mx ESMTP", "C: EHLO x", "S: 250-mx", "S: 250-PIPELINING", "S: 250 HELP");

        Assert.Equal([true, false, false, false, true], lines.Select(line => line.Meaning is not null));
    }

    [Fact]
    public void Replies_to_commands_in_a_batch_are_told_apart()
    {
        var batch = Read("C: MAIL FROM:<a@b>", "C: RCPT TO:<c@d>", "C: DATA", "S: 250 2.1.0 OK", "S: 550 5.1.1 No such user", "S: 503 5.5.1 Send RCPT first");
        var single = Read("C: RCPT TO:<c@d>", "S: 550 5.1.1 No such user");

        Assert.Equal(single[1].Meaning!.Meaning, batch[4].Meaning!.Meaning);
        Assert.Equal("5.1.1", batch[4].Meaning!.Enhanced);
    }

    [Fact]
    public void Reply_behind_a_message_is_explained_as_the_end_of_data()
    {
        var refused = Read("C: DATA", "S: 354 Go on", "S: 554 Refused")[2].Meaning!;

        Assert.Equal(Reference.ReplyReference.Explain(554, null, new Reference.ReplyContext("endOfData"))!.Meaning, refused.Meaning);
    }

    [Fact]
    public void Answer_to_a_challenge_is_no_verb()
    {
        var lines = Read("C: AUTH LOGIN", "S: 334 VXNlcm5hbWU6", "C: ***", "S: 334 UGFzc3dvcmQ6", "C: ***", "S: 535 5.7.8 No");

        Assert.Equal(Reference.ReplyReference.Explain(535, "5.7.8", new Reference.ReplyContext("AUTH"))!.Meaning, lines[5].Meaning!.Meaning);
    }

    [Fact]
    public void Lines_that_are_no_replies_are_left_as_they_are() =>
        Assert.All(Read("S: [12 lines left out]", "S: 2", "S: ", "S: 25x hello", "C: 250 I am the client", "S: 999 what"), line => Assert.Null(line.Meaning));

    private static IReadOnlyList<ConversationLine> Read(params string[] lines) =>
        Conversation.Of([.. lines.Select(line => new TranscriptLine(DateTimeOffset.UnixEpoch, line[0] == 'S', line[3..]))]);
}
