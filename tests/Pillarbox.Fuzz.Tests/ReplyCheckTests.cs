using System.Text;
using Pillarbox.Fuzzing;
using Pillarbox.Fuzzing.Sessions;

namespace Pillarbox.Fuzz.Tests;

/// <summary>What a session says is held to its form: these show that what is out of form is told.</summary>
public sealed class ReplyCheckTests
{
    [Theory]
    [InlineData("250 2.0.0 OK\n")]
    [InlineData("250 OK\r\n")]
    [InlineData("250 5.0.0 OK\r\n")]
    [InlineData("354 2.0.0 Go on\r\n")]
    [InlineData("2500 2.0.0 OK\r\n")]
    [InlineData("250-2.0.0 OK\r\n550 5.0.0 No\r\n")]
    [InlineData("250 2.0.0 \u0001\r\n")]
    [InlineData("221 2.0.0 Bye\r\n250 2.0.0 OK\r\n")]
    [InlineData("250-2.0.0 OK\r\n")]
    [InlineData("250 2.0.0")]
    public void Reply_out_of_form_is_a_fault(string said)
    {
        Assert.Throws<FuzzException>(() => Read(said));
    }

    [Fact]
    public void Line_of_more_than_512_octets_is_a_fault()
    {
        Assert.Throws<FuzzException>(() => Read($"250 2.0.0 {new string('x', 510)}\r\n"));
    }

    [Fact]
    public void Session_in_form_is_none()
    {
        var check = Read("250-mx.test\r\n250 HELP\r\n354 Go on\r\n250 2.0.0 OK, queued as 0123\r\n221 2.0.0 Bye\r\n");

        Assert.Equal(["0123"], check.Queued);
        Assert.Equal(5, check.Replies.Count);
    }

    private static ReplyCheck Read(string said)
    {
        var check = new ReplyCheck("mx.test", isTls: false);
        check.Take(Encoding.ASCII.GetBytes("220 mx.test ESMTP\r\n" + said));
        check.End();
        return check;
    }
}
