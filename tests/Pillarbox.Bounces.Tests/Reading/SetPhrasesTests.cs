using Pillarbox.Bounces.Reading;

namespace Pillarbox.Bounces.Tests.Reading;

public sealed class SetPhrasesTests
{
    [Theory]
    [InlineData("A message that you sent: mailbox full", "mailbox full")]
    [InlineData("could not be delivered for 4.0 hours.", "")]
    [InlineData("> Please do not\n> reply to this email. quota", "> quota")]
    [InlineData("Subject: virus in your mail\nno such user", "no such user")]
    [InlineData("mailbox is full", "mailbox is full")]
    public void What_every_report_says_is_taken_out(string text, string left) =>
        Assert.Equal(Blanks(left), Blanks(SetPhrases.Without(text)));

    private static string Blanks(string text) => string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
