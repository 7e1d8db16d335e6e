using System.Text;
using Pillarbox.Delivery.Capture;

namespace Pillarbox.Delivery.Tests.Capture;

public sealed class SubjectLineTests
{
    [Theory]
    [InlineData("Subject: plain\r\n\r\nbody", "plain")]
    [InlineData("From: a@b\r\nsUBJECT:no space\r\n\r\n", "no space")]
    [InlineData("Subject: folded\r\n over two\r\n\tlines\r\nTo: x\r\n\r\n", "folded over two lines")]
    [InlineData("Subject: =?utf-8?B?4Liq4Lin4Lix4Liq4LiU4Li1?=\r\n\r\n", "สวัสดี")]
    [InlineData("Subject: =?utf-8?Q?caf=C3=A9?= =?utf-8?Q?_cr=C3=A8me?=\r\n\r\n", "café crème")]
    [InlineData("Subject: =?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=\r\n\r\n", "こんにちは")]
    [InlineData("Subject: =?windows-1251?B?z/Do4uXy?=\r\n\r\n", "Привет")]
    [InlineData("Subject: grüße\r\n\r\n", "grüße")]
    [InlineData("Subject: a\tb\u0001c\r\n\r\n", "a b c")]
    [InlineData("From: a@b\r\n\r\nSubject: in the body\r\n", "")]
    [InlineData("X-Subject: other\r\n\r\n", "")]
    [InlineData("", "")]
    [InlineData("Subject:", "")]
    [InlineData("Subject: without an end", "without an end")]
    public void Subject_of_a_header_section_is_decoded_on_one_line(string message, string subject) =>
        Assert.Equal(subject, SubjectLine.Find(Encoding.UTF8.GetBytes(message)));

    [Fact]
    public void Subject_that_is_endless_is_cut()
    {
        var subject = SubjectLine.Find(Encoding.UTF8.GetBytes("Subject: " + new string('x', 60_000) + "\r\n\r\n"));

        Assert.Equal(1001, subject.Length);
        Assert.EndsWith("…", subject, StringComparison.Ordinal);
    }

    [Fact]
    public void Subject_with_a_broken_encoded_word_does_not_fail() =>
        Assert.NotEmpty(SubjectLine.Find("Subject: =?no-such-charset?B?!!!?= =?utf-8?Q?=ZZ?=\r\n\r\n"u8));
}
