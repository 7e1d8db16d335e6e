using Pillarbox.Bounces.Reading;

namespace Pillarbox.Bounces.Tests.Reading;

public sealed class CodeInWordsTests
{
    [Theory]
    [InlineData("[192.0.2.5], 550 ann@example.org... No such user", 550)]
    [InlineData("Fehlercode 552", 552)]
    [InlineData("ERROR_CODE :550, ERROR_CODE :5.1.1", 550)]
    [InlineData("after 450 seconds: 451 try later", 451)]
    public void Code_is_found(string words, int code) => Assert.Equal(code, CodeInWords.Find(words));

    [Theory]
    [InlineData("")]
    [InlineData("552 bytes in queue")]
    [InlineData("192.0.550.1, v5.550, 1550, 5501, x-550, a550")]
    [InlineData("the house has 540x rooms")]
    public void Other_number_is_none(string words) => Assert.Null(CodeInWords.Find(words));

    [Theory]
    [InlineData("ERROR_CODE :550, ERROR_CODE :5.1.1 <ann@example.org>", 550, "5.1.1")]
    [InlineData("4.2.2 and 5.2.2.", 552, "5.2.2")]
    [InlineData("5.1.1.1 and 15.1.1 and 4.1.1", 550, null)]
    public void Enhanced_code_of_the_same_class_is_found(string words, int code, string? enhanced) => Assert.Equal(enhanced, CodeInWords.FindEnhanced(words, code));
}
