using Pillarbox.Bounces.Reading;

namespace Pillarbox.Bounces.Tests.Reading;

public sealed class ReturnedCopyTests
{
    [Theory]
    [InlineData("--- Below this line is a copy of the message.")]
    [InlineData("------ This is a copy of your message, including all the headers. ------")]
    [InlineData("   ----- Original message follows -----")]
    [InlineData("------ Dies ist eine Kopie Ihrer Nachricht ------")]
    [InlineData("Return-Path: <ann@example.org>")]
    [InlineData("Received: from mail.example by mx.example")]
    public void Copy_is_cut_off_where_it_begins(string mark)
    {
        var kept = ReturnedCopy.CutOff($"<bob@example.com>:\n550 no such user\n\n{mark}\n\nSubject: 552 mailbox full\n");

        Assert.StartsWith("<bob@example.com>:\n550 no such user\n", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("552", kept, StringComparison.Ordinal);
    }

    [Fact]
    public void First_of_several_marks_counts()
    {
        var kept = ReturnedCopy.CutOff("no\n--- Original message follows\n--- Below this line is a copy of the message\nReturn-Path: <>");

        Assert.Equal("no", kept.Trim(' ', '-', '\n'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("550 no such user")]
    public void Text_without_a_copy_stays(string text) => Assert.Equal(text, ReturnedCopy.CutOff(text));
}
