using System.Text;

namespace Pillarbox.Bounces.Tests;

/// <summary>Messages that are made to harm whoever reads them: they are read without a fault, and what is made of them is bounded.</summary>
public sealed class HostileTests
{
    private const string Daemon = "From: MAILER-DAEMON@mail.example\r\nTo: ann@example.org\r\nSubject: failure notice\r\nMIME-Version: 1.0\r\n";

    // What one may take on a slow machine under load; what is meant takes far less than a second.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string, byte[]> Messages => new()
    {
        { "nothing", [] },
        { "a NUL", [0] },
        { "all octets", [.. Enumerable.Range(0, 1 << 16).Select(at => (byte)at)] },
        { "blank lines", Bytes(Repeated("\r\n", 2_000_000)) },
        { "100,000 parts", Bytes($"{Daemon}Content-Type: multipart/mixed; boundary=b\r\n\r\n{Repeated("--b\r\nContent-Type: text/plain\r\n\r\n550 no\r\n", 100_000)}--b--\r\n") },
        { "100,000 parts of reports", Bytes($"{Daemon}Content-Type: multipart/report; boundary=b\r\n\r\n{Repeated("--b\r\nContent-Type: message/delivery-status\r\n\r\nX: y\r\n", 100_000)}--b--\r\n") },
        { "parts 10,000 deep", Bytes(Daemon + string.Concat(Enumerable.Range(0, 10_000).Select(at => $"Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n")) + "\r\nann@example.com\r\n550 no such user\r\n") },
        { "messages 10,000 deep", Bytes(Daemon + Repeated("Content-Type: message/rfc822\r\n\r\n", 10_000) + "\r\nhello\r\n") },
        { "a header field of 10 MB", Bytes($"{Daemon}X-Failed-Recipients: {Repeated("a@example.org, ", 700_000)}\r\n\r\n550 no\r\n") },
        { "a folded field of 10 MB", Bytes($"{Daemon}Subject: {Repeated("=?utf-8?B?YQ==?=\r\n ", 500_000)}\r\n\r\n550 no\r\n") },
        { "a header of 500,000 fields", Bytes($"{Repeated("X-Failed-Recipients: a@example.org\r\n", 280_000)}\r\n550 no\r\n") },
        { "a sender of 10 MB", Bytes($"From: {Repeated("(", 5_000_000)}{Repeated("\"a\" <", 800_000)}\r\n\r\nhello\r\n") },
        { "a line of 10 MB", Bytes($"{Daemon}\r\n<ann@example.com>:\r\n{Repeated("550 5.1.1 ", 1_000_000)}\r\n") },
        { "an address of 10 MB", Bytes($"{Daemon}\r\n<{Repeated("a", 10_000_000)}@example.com>:\r\n550 no\r\n") },
        { "5,000,000 lines", Bytes($"{Daemon}\r\n{Repeated("a\n", 5_000_000)}") },
        { "500,000 addresses", Bytes($"{Daemon}\r\n{string.Concat(Enumerable.Range(0, 500_000).Select(at => $"a{at}@example.com\n"))}") },
        { "1,000,000 groups", Bytes($"{Daemon}Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n{Repeated("Action: a\r\n\r\n", 1_000_000)}--b--\r\n") },
        { "100,000 recipients", Bytes($"{Daemon}Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n{string.Concat(Enumerable.Range(0, 100_000).Select(at => $"Final-Recipient: rfc822; a{at}@example.com\r\nAction: failed\r\n\r\n"))}--b--\r\n") },
        { "groups of another type", Bytes($"{Daemon}Content-Type: message/global-delivery-status\r\n\r\n{Repeated("Action: a\r\n\r\n", 800_000)}") },
        { "a diagnostic of 10 MB", Bytes($"{Daemon}Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@example.com\r\nAction: failed\r\nDiagnostic-Code: smtp; {Repeated("550-5.1.1 no\r\n ", 650_000)}\r\n") },
        { "HTML of 10 MB", Bytes($"{Daemon}Content-Type: text/html\r\n\r\n{Repeated("<div><a href='", 700_000)}") },
        { "HTML that never closes", Bytes($"{Daemon}Content-Type: text/html\r\n\r\n<!--{Repeated("&#x110000;<!--<script>", 400_000)}") },
        { "a charset that is none", Bytes($"{Daemon}Content-Type: text/plain; charset=\"x-\u0e01\u0000-nonsense\"\r\n\r\nann@example.com\r\n550 no\r\n") },
        { "a charset that lies", [.. Bytes($"{Daemon}Content-Type: text/plain; charset=utf-16\r\n\r\nann@example.com"), 0xd8, 0x00, 0xff] },
        { "a shifted charset", Bytes($"{Daemon}Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n{Repeated("\u001b$B\u001b(B", 1_000_000)}") },
        { "utf-7", Bytes($"{Daemon}Content-Type: text/plain; charset=utf-7\r\n\r\n+{Repeated("2AA-+", 100_000)}") },
        { "base64 that is none", Bytes($"{Daemon}Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n{Repeated("=!*", 1_000_000)}") },
        { "a complaint of 1,000,000 fields", Bytes($"{Daemon}Content-Type: message/feedback-report\r\n\r\n{Repeated("Original-Rcpt-To: a\r\n", 500_000)}") },
        { "an event of 100,000 recipients", Bytes($"{Daemon}\r\n{{\"notificationType\":\"Bounce\",\"bouncedRecipients\":[{Repeated("{\"emailAddress\":\"a@example.org\",\"status\":\"5.1.1\"},\r\n", 100_000)}") },
        { "an event without an end", Bytes($"{Daemon}\r\n{{\"notificationType\":\"Bounce\",\"bouncedRecipients\":[{Repeated("{\"\\\r\n", 500_000)}") },
        { "1,000,000 names", Bytes($"{Daemon}\r\nnot delivered to the following:\r\n{Repeated("\tann (mailbox full)\r\n", 400_000)}") },
        { "fields among words", Bytes($"{Daemon}\r\n{Repeated("Final-Recipient: rfc822; a@example.org\r\nAction: failed\r\n", 150_000)}") },
        { "groups among words", Bytes($"{Daemon}\r\n{Repeated("Final-Recipient: rfc822; a@example.org\r\nAction: failed\r\n\r\n", 150_000)}") },
        { "set phrases", Bytes($"{Daemon}\r\nann@example.org\r\n{Repeated("subject: the following the following ", 250_000)}") },
        { "a subject of another charset", Bytes($"From: MAILER-DAEMON@mail.example\r\nSubject: {Repeated("\u001b$B\u001b(B", 1_000_000)}\r\n\r\n550 no\r\n") },
        { "escapes without an end", Bytes($"{Daemon}Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: utf-8; {Repeated("\\x{", 100_000)}@example.com\r\nAction: failed\r\n") },
        { "boundaries that are prefixes of each other", Bytes($"{Daemon}Content-Type: multipart/mixed; boundary=b\r\n\r\n{Repeated("--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\n", 50_000)}") },
        { "parameters without an end", Bytes($"{Daemon}Content-Type: multipart/mixed; {Repeated("boundary*0*=utf-8''%00; ", 300_000)}\r\n\r\nhello\r\n") },
    };

    [Theory]
    [MemberData(nameof(Messages), DisableDiscoveryEnumeration = true)]
    public async Task Hostile_message_is_read_and_bounded(string name, byte[] message)
    {
        using var stream = new MemoryStream(message);
        var reading = MessageReader.ReadAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        var report = await reading.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.True(report.Recipients.Count <= MessageReader.MaxRecipients, name);
        Assert.All(report.Recipients, one => Assert.True(one.Address is null or { Length: <= 1000 }, name));
        Assert.True(report.ToJson().Length < 64 << 20, name);
    }

    [Fact]
    public async Task Message_that_has_no_end_is_read_up_to_the_limit()
    {
        await using var endless = new Endless(Bytes($"{Daemon}\r\n<ann@example.com>:\r\n550 5.1.1 no such user\r\n"));
        var report = await MessageReader.ReadAsync(endless, cancellationToken: TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(MessageKind.Bounce, report.Kind);
        Assert.True(endless.Given <= MessageReader.MaxLength);
    }

    [Fact]
    public async Task Reading_ends_when_it_is_cancelled()
    {
        await using var endless = new Endless(Bytes(Daemon));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MessageReader.ReadAsync(endless, cancellationToken: new CancellationToken(canceled: true)));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Repeated(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    private sealed class Endless(byte[] start) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var at = 0; at < count; at++)
                buffer[offset + at] = Given + at < start.Length ? start[Given + at] : (byte)'a';
            Given += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
