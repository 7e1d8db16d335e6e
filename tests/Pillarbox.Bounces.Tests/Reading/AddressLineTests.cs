using Pillarbox.Bounces.Reading;

namespace Pillarbox.Bounces.Tests.Reading;

public sealed class AddressLineTests
{
    [Theory]
    [InlineData("ann@example.org", "ann@example.org", "")]
    [InlineData("  <ann@example.org>:", "ann@example.org", "")]
    [InlineData("<ann@example.org>: host mx said: 550 no", "ann@example.org", "host mx said: 550 no")]
    [InlineData("To: ann@example.org", "ann@example.org", "")]
    [InlineData("* ann@example.org: SMTP error 550", "ann@example.org", "SMTP error 550")]
    [InlineData("ann@example.org on Fri, 3 Nov 2006 10:00:00", "ann@example.org", "on Fri, 3 Nov 2006 10:00:00")]
    [InlineData("ann@example.org (reason: 550 no)", "ann@example.org", "(reason: 550 no)")]
    [InlineData("ann@example.org [User unknown]", "ann@example.org", "[User unknown]")]
    [InlineData("\"Ann Smith\"@example.org", "\"Ann Smith\"@example.org", "")]
    [InlineData("\u5b9b\u5148\uff1aann@example.org", "ann@example.org", "")]
    [InlineData("c=no;a= ;p=fjord;o=oslo;dda:SMTP=nils@example.org; on Thu, 29 Apr 2004", "nils@example.org", "on Thu, 29 Apr 2004")]
    public void Line_that_begins_with_an_address_is_found(string line, string address, string tail) =>
        Assert.Equal((address, tail), AddressLine.Find(line));

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("ann@example.org wrote to me")]
    [InlineData("Please write to ann@example.org")]
    [InlineData("Hi. This is the qmail-send program at example.org.")]
    [InlineData("<>")]
    [InlineData("ann@")]
    [InlineData("ann@exam ple.org/x")]
    public void Other_line_is_none(string line) => Assert.Null(AddressLine.Find(line));

    [Fact]
    public void Line_of_more_than_a_thousand_characters_is_none() => Assert.Null(AddressLine.Find("ann@example.org " + new string('(', 1000)));

    [Fact]
    public void First_address_is_one_that_is_not_the_senders_and_no_postmasters()
    {
        var others = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "me@example.org" };

        Assert.Equal("you@example.com", AddressLine.First("From MAILER-DAEMON@mail.example, postmaster@mail.example to ME@example.org: <you@example.com>, they@example.com", others));
        Assert.Null(AddressLine.First("nobody at all", others));
    }

    [Theory]
    [InlineData("ann@example.org", true)]
    [InlineData("ann@localhost", true)]
    [InlineData("ann@-_.", false)]
    [InlineData("ann example@example.org", false)]
    [InlineData("ann@exa mple.org", false)]
    [InlineData("@example.org", false)]
    public void Form_of_an_address_is_told(string word, bool isAddress) => Assert.Equal(isAddress, AddressLine.IsAddress(word));

    [Fact]
    public void Address_of_more_than_320_characters_is_none() => Assert.False(AddressLine.IsAddress(new string('a', 320) + "@example.org"));
}
