using System.Buffers;
using System.Text;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Tests.Replies;

public sealed class RemoteReplyReaderTests
{
    [Theory]
    [InlineData("250 OK\r\n", 250, "", "OK")]
    [InlineData("250\r\n", 250, "", "")]
    [InlineData("250 2.1.5 Fine\r\n", 250, "2.1.5", "Fine")]
    [InlineData("550-5.7.26 one\r\n550-5.7.26 two\r\n550 5.7.26 three\r\n", 550, "5.7.26", "one\ntwo\nthree")]
    [InlineData("250-a\n250 b\n", 250, "", "a\nb")]
    [InlineData("421 4.7.0.1 odd\r\n", 421, "", "4.7.0.1 odd")]
    [InlineData("354 go\r\n", 354, "", "go")]
    [InlineData("550-5.1.1 x\r\n550 4.2.2 y\r\n", 550, "5.1.1", "x\n4.2.2 y")]
    public void TryRead_reply_isPutTogetherHoweverItIsCut(string wire, int code, string status, string text)
    {
        for (var cut = 0; cut <= wire.Length; cut++)
        {
            var reader = new RemoteReplyReader();
            var first = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(wire[..cut]));
            if (!reader.TryRead(ref first, out var reply))
            {
                var rest = new ReadOnlySequence<byte>([.. first.ToArray(), .. Encoding.UTF8.GetBytes(wire[cut..])]);
                Assert.True(reader.TryRead(ref rest, out reply));
            }

            Assert.Equal(code, reply.Code);
            Assert.Equal(status, reply.Status.ToString());
            Assert.Equal(text, reply.Text);
        }
    }

    [Theory]
    [InlineData("hello\r\n")]
    [InlineData("25\r\n")]
    [InlineData("999 x\r\n")]
    [InlineData("250x\r\n")]
    [InlineData("\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    public void TryRead_noReply_isAFault(string wire)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(wire));
        Assert.Throws<FormatException>(() => new RemoteReplyReader().TryRead(ref buffer, out _));
    }

    [Fact]
    public void TryRead_endless_isAFault()
    {
        var line = new ReadOnlySequence<byte>(new byte[5000]);
        Assert.Throws<FormatException>(() => new RemoteReplyReader().TryRead(ref line, out _));

        var lines = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("250-x\r\n", 600))));
        Assert.Throws<FormatException>(() => new RemoteReplyReader().TryRead(ref lines, out _));
    }
}
