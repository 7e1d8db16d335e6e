using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Server.Handlers;

namespace Pillarbox.Server.Tests.Sessions;

public sealed class RecipientListTests
{
    [Theory]
    [InlineData(NotifyOn.Never, NotifyOn.Success, NotifyOn.Success)]
    [InlineData(NotifyOn.Delay, NotifyOn.Never, NotifyOn.Delay)]
    [InlineData(NotifyOn.Never, NotifyOn.Unsaid, NotifyOn.Unsaid)]
    [InlineData(NotifyOn.Success, NotifyOn.Failure, NotifyOn.Success | NotifyOn.Failure)]
    [InlineData(NotifyOn.Success, NotifyOn.Unsaid, NotifyOn.Success | NotifyOn.Failure | NotifyOn.Delay)]
    [InlineData(NotifyOn.Never, NotifyOn.Never, NotifyOn.Never)]
    public void Recipient_named_again_has_all_that_was_asked(NotifyOn first, NotifyOn second, NotifyOn expected)
    {
        var original = new OriginalRecipient("rfc822", "x@example.org");
        var recipients = new RecipientList();
        recipients.Add(new Recipient(Address("ann@example.org"), first));
        recipients.Add(new Recipient(Address("ann@EXAMPLE.org"), second, original));

        var only = Assert.Single(recipients.All);
        Assert.Equal(expected, only.Notify);
        Assert.Equal(original, only.Original);
    }

    [Fact]
    public void Recipients_who_are_many_are_there_once_each_in_their_order()
    {
        var recipients = new RecipientList();
        for (var again = 0; again < 2; again++)
        {
            recipients.Clear();
            for (var i = 0; i < 60; i++)
                recipients.Add(Address($"r{i % 30}@example.org"));
            Assert.Equal(Enumerable.Range(0, 30).Select(i => $"r{i}@example.org"), recipients.All.Select(each => each.Text));
        }
    }

    private static Mailbox Address(string text)
    {
        Assert.True(Mailbox.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var address));
        return address;
    }
}
