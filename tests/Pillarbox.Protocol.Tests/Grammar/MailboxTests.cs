using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Protocol.Tests.Grammar;

public sealed class MailboxTests
{
    [Theory]
    [InlineData("a@b", "a", "b")]
    [InlineData("ann.lee+tag@example.org", "ann.lee+tag", "example.org")]
    [InlineData("!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~", "example.org")]
    [InlineData("\"ann lee\"@example.org", "\"ann lee\"", "example.org")]
    [InlineData("\"a@b\"@example.org", "\"a@b\"", "example.org")]
    [InlineData("\"a\\\"b\\\\\"@example.org", "\"a\\\"b\\\\\"", "example.org")]
    [InlineData("a@[192.0.2.1]", "a", "[192.0.2.1]")]
    [InlineData("a@[IPv6:2001:db8::1]", "a", "[IPv6:2001:db8::1]")]
    [InlineData("postmaster", "postmaster", "")]
    [InlineData("jörg@exämple.org", "jörg", "exämple.org")]
    [InlineData("ผู้ใช้@ตัวอย่าง.ไทย", "ผู้ใช้", "ตัวอย่าง.ไทย")]
    public void TryParse_address_isTakenApart(string text, string local, string domain)
    {
        Assert.True(Mailbox.TryParse(text, out var mailbox));
        Assert.Equal(text, mailbox.Text);
        Assert.Equal(local, mailbox.LocalPart.ToString());
        Assert.Equal(domain, mailbox.Domain.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("@b")]
    [InlineData("a@")]
    [InlineData("a@b..c")]
    [InlineData("a@.b")]
    [InlineData("a b@c")]
    [InlineData("a@b c")]
    [InlineData("a@b@c")]
    [InlineData("\"a@b")]
    [InlineData("\"a\"b@c")]
    [InlineData("a@[1.2.3]")]
    [InlineData("a@[1.2.3.4.5]")]
    [InlineData("a@[1.2.3.256]")]
    [InlineData("a@[+1.2.3.4]")]
    [InlineData("a@[IPv6:1.2.3.4]")]
    [InlineData("a@[IPv6:fe80::1%eth0]")]
    [InlineData("a@[1.2.3.4")]
    [InlineData("a\r\n@b")]
    [InlineData("a\0@b")]
    [InlineData("a@b\u2028c.example")]
    [InlineData("(comment)a@b")]
    [InlineData("a,b@c")]
    public void TryParse_noAddress_isRefused(string text) => Assert.False(Mailbox.TryParse(text, out _));

    [Fact]
    public void TryParse_tooLong_isRefused()
    {
        Assert.True(Mailbox.TryParse(new string('a', 64) + "@b", out _));
        Assert.False(Mailbox.TryParse(new string('a', 129) + "@b", out _));
        Assert.False(Mailbox.TryParse("a@" + new string('b', 64), out _));
        Assert.False(Mailbox.TryParse("a@" + string.Join('.', Enumerable.Repeat("abcdefghi", 26)), out _));
    }

    [Fact]
    public void Equals_domainsCaseless_localPartsToTheLetter()
    {
        Assert.Equal(Mailbox.Parse("a@Example.ORG"), Mailbox.Parse("a@example.org"));
        Assert.NotEqual(Mailbox.Parse("A@example.org"), Mailbox.Parse("a@example.org"));
    }

    [Fact]
    public void UnquotedLocalPart_quoted_losesQuotesAndBackslashes() =>
        Assert.Equal("a\"b c", Mailbox.Parse("\"a\\\"b\\ c\"@example.org").UnquotedLocalPart());
}
