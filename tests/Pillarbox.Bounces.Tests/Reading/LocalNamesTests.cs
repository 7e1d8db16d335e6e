using Pillarbox.Bounces.Reading;

namespace Pillarbox.Bounces.Tests.Reading;

public sealed class LocalNamesTests
{
    [Theory]
    [InlineData("The message was undeliverable to the following:\n\n\tann (mailbox full)\n", "ann", "mailbox full")]
    [InlineData("Message not delivered to the following:\n   ann.oak   No such address\n", "ann.oak", "No such address")]
    [InlineData("Not accepted by the following recipients:\n\toak grove 42\n", "oak grove 42", "Not accepted by the following recipients:")]
    public void Name_below_an_introduction_is_found(string text, string name, string words)
    {
        var outcome = Assert.Single(LocalNames.Read(text));

        Assert.Equal((name, words), (outcome.Address, outcome.Words));
    }

    [Theory]
    [InlineData("ann (mailbox full)")]
    [InlineData("The following recipients:\nWrite to us.")]
    [InlineData("Not delivered to the following recipients:\n  an undisclosed address\n    (generated from ann@example.org)")]
    public void Other_text_has_none(string text) => Assert.Empty(LocalNames.Read(text));
}
