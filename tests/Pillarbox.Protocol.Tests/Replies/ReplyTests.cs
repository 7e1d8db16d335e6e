using System.Text;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Tests.Replies;

public sealed class ReplyTests
{
    // RFC 2034 §4: all but the greeting and the replies to HELO and EHLO; 3yz replies have no class to put there.
    [Fact]
    public void Catalogue_everyReply_hasAnEnhancedStatusOfItsClassWhereOneBelongs()
    {
        foreach (var reply in ReplyCatalogue.All)
        {
            var exempt = reply.Code is 334 or 354 or 220 || (reply.Code == 250 && reply.Lines[0].StartsWith("mx.example.org", StringComparison.Ordinal));
            Assert.True(exempt || reply.Status.Class == reply.Code / 100, reply.ToString());
        }
    }

    [Fact]
    public void Catalogue_everyLine_isAsciiOfAtMost512Octets()
    {
        foreach (var line in ReplyCatalogue.All.SelectMany(reply => Encoding.Latin1.GetString(reply.Wire).Split("\r\n")))
        {
            Assert.True(line.Length <= 510, line);
            Assert.True(Ascii.IsValid(line), line);
        }
    }

    [Fact]
    public void Wire_severalLines_hyphenOnAllButTheLastAndStatusOnEach() =>
        Assert.Equal("214-2.0.0 a\r\n214 2.0.0 b\r\n", Encoding.ASCII.GetString(ReplyCatalogue.Help("a", "b").Wire));

    [Fact]
    public void Wire_hostileText_cannotLeaveItsLine() =>
        Assert.Equal("550 5.1.1 a??250 ok?\r\n", Encoding.ASCII.GetString(new Reply(550, new(5, 1, 1), "a\r\n250 ok\u00e9").Wire));

    [Fact]
    public void Wire_longLine_isCutTo512Octets() =>
        Assert.Equal(512, new Reply(250, new(2, 0, 0), new string('x', 2000)).Wire.Length);
}
