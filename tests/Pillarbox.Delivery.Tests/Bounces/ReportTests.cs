using System.Collections.Immutable;
using System.Text;
using MimeKit;
using Pillarbox.Delivery.Bounces;
using Pillarbox.Delivery.Client;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue;
using Pillarbox.Reference;

namespace Pillarbox.Delivery.Tests.Bounces;

/// <summary>Reports, read back by a mail library.</summary>
public sealed class ReportTests
{
    private static readonly Verdict Refused = Verdict.Of(new RemoteReply(550, new(5, 1, 1), "No such user\nreally"), "mx.sink.test");
    private static readonly Verdict Silent = Verdict.Defer(4, 1, "cannot connect to mx.sink.test (192.0.2.1:25): Connection refused", "mx.sink.test");

    // MimeKit looks for the older charsets once, at its first use, and other tests need them.
    static ReportTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Fact]
    public async Task Bounce_says_what_happened_to_people_and_to_programs()
    {
        var (report, message) = await WriteAsync(recipients: Of("bob@sink.test", ReportAction.Failed, Refused, false));

        Assert.Null(report.Envelope.Sender);
        var back = Assert.Single(report.Envelope.Recipients);
        Assert.Equal(("ann@source.test", NotifyOn.Never), (back.Text, back.Notify));
        Assert.Equal(report.Body.Length, report.Envelope.BodySize);
        Assert.Equal(MessageTraits.None, report.Envelope.Traits);
        Assert.Equal("ann@source.test", Assert.IsType<MailboxAddress>(Assert.Single(message.To)).Address);
        Assert.Equal("postmaster@relay.test", Assert.IsType<MailboxAddress>(Assert.Single(message.From)).Address);
        Assert.Equal("auto-replied", message.Headers["Auto-Submitted"]);
        Assert.Equal(Rig.Start, message.Date);
        Assert.NotNull(message.MessageId);

        var parts = Parts(message);
        Assert.Equal("delivery-status", parts.ReportType);
        var text = Assert.IsType<TextPart>(parts[0]).Text;
        Assert.Contains("<bob@sink.test>", text, StringComparison.Ordinal);
        Assert.Contains("mx.sink.test said: 550 5.1.1 No such user really", Unfolded(text), StringComparison.Ordinal);
        Assert.Contains("What it means:", text, StringComparison.Ordinal);

        var groups = Assert.IsType<MessageDeliveryStatus>(parts[1]).StatusGroups;
        Assert.Equal(2, groups.Count);
        Assert.Equal("dns; relay.test", groups[0]["Reporting-MTA"]);
        Assert.Equal("Sun, 1 Mar 2026 10:00:00 +0000", groups[0]["Arrival-Date"]);
        Assert.Equal("rfc822; bob@sink.test", groups[1]["Final-Recipient"]);
        Assert.Equal("failed", groups[1]["Action"]);
        Assert.Equal("5.1.1", groups[1]["Status"]);
        Assert.Equal("dns; mx.sink.test", groups[1]["Remote-MTA"]);
        Assert.Equal("smtp; 550 5.1.1 No such user really", groups[1]["Diagnostic-Code"]);
        Assert.Equal("Sun, 1 Mar 2026 12:00:00 +0000", groups[1]["Last-Attempt-Date"]);

        var original = Assert.IsType<MessagePart>(parts[2]).Message!;
        Assert.Equal("hello", original.Subject);
        Assert.Equal("by relay.test", original.Headers["Received"]);
        Assert.Equal("world", original.TextBody!.Trim());
    }

    [Fact]
    public async Task Expired_recipient_has_the_status_of_time_and_the_words_of_the_last_attempt()
    {
        var (_, message) = await WriteAsync(recipients: Of("bob@sink.test", ReportAction.Failed, Silent, true));

        var status = ((MessageDeliveryStatus)Parts(message)[1]).StatusGroups[1];
        Assert.Equal("4.4.7", status["Status"]);
        Assert.Equal("failed", status["Action"]);
        Assert.StartsWith("x-pillarbox; cannot connect", status["Diagnostic-Code"], StringComparison.Ordinal);
        Assert.Contains("It was tried for 5 days", Unfolded(((TextPart)Parts(message)[0]).Text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delay_notice_says_until_when_it_is_tried()
    {
        var (_, message) = await WriteAsync(recipients: Of("bob@sink.test", ReportAction.Delayed, Silent, false));

        Assert.StartsWith("Delayed", message.Subject, StringComparison.Ordinal);
        var status = ((MessageDeliveryStatus)Parts(message)[1]).StatusGroups[1];
        Assert.Equal("delayed", status["Action"]);
        Assert.Equal("4.4.1", status["Status"]);
        Assert.Equal("Fri, 6 Mar 2026 10:00:00 +0000", status["Will-Retry-Until"]);
    }

    [Fact]
    public async Task Large_message_comes_back_as_its_header()
    {
        var (report, message) = await WriteAsync(
            content: "Subject: hello\r\n\r\n" + string.Concat(Enumerable.Repeat("world\r\n", 10_000)),
            recipients: Of("bob@sink.test", ReportAction.Failed, Refused, false));

        var original = Assert.IsType<TextRfc822Headers>(Parts(message)[2]).Message!;
        Assert.Equal("hello", original.Subject);
        Assert.Equal("by relay.test", original.Headers["Received"]);
        Assert.InRange(report.Body.Length, 1, 8 << 10);
    }

    [Theory]
    [InlineData("Subject: hello\r\n\r\nwörld\r\n", "text/rfc822-headers", MessageTraits.EightBitBody)]
    [InlineData("Subject: hällo\r\n\r\nworld\r\n", "message/global-headers", MessageTraits.EightBitHeaders)]
    public async Task Eight_bit_message_comes_back_as_its_header(string content, string type, MessageTraits traits)
    {
        var (report, message) = await WriteAsync(
            content, traits: traits, recipients: Of("bob@sink.test", ReportAction.Failed, Refused, false));

        Assert.Equal(type, ((MimeEntity)Parts(message)[2]).ContentType.MimeType);
        Assert.False(report.Envelope.SmtpUtf8);
        Assert.Equal(MessageTraits.None, report.Envelope.Traits);
        Assert.Contains(content[..content.IndexOf("\r\n", StringComparison.Ordinal)], Content(Parts(message)[2]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_outside_ascii_is_reported_in_ascii_to_a_sender_with_another()
    {
        var (report, message) = await WriteAsync(recipients: Of("bö+b@sink.test", ReportAction.Failed, Refused, false));

        Assert.False(report.Envelope.SmtpUtf8);
        Assert.True(Ascii.IsValid(report.Body.Span));
        Assert.Equal("message/delivery-status", Parts(message)[1].ContentType.MimeType);
        Assert.Equal("utf-8; b\\x{F6}\\x{2B}b@sink.test", ((MessageDeliveryStatus)Parts(message)[1]).StatusGroups[1]["Final-Recipient"]);
        Assert.Contains("<bö+b@sink.test>", ((TextPart)Parts(message)[0]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_outside_ascii_takes_the_global_forms()
    {
        var (report, message) = await WriteAsync(
            sender: "änn@source.test", recipients: Of("böb@sink.test", ReportAction.Failed, Refused, false));

        Assert.True(report.Envelope.SmtpUtf8);
        Assert.True(report.Envelope.Traits.HasFlag(MessageTraits.EightBitHeaders));
        Assert.Equal("message/global-delivery-status", Parts(message)[1].ContentType.MimeType);
        Assert.Contains("utf-8; böb@sink.test", Encoding.UTF8.GetString(report.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_reply_cannot_add_fields_parts_or_long_lines()
    {
        var hostile = Verdict.Fail(7, 1, "x\r\nX-Evil: yes\r\n\r\n--=_0000000000007\r\n\u0001" + new string('y', 5000) + " é’");
        var (report, message) = await WriteAsync(recipients: Of("bob@sink.test", ReportAction.Failed, hostile, false));

        Assert.Equal(3, Parts(message).Count);
        Assert.Null(((MessageDeliveryStatus)Parts(message)[1]).StatusGroups[1]["X-Evil"]);
        var text = Encoding.UTF8.GetString(report.Body.Span);
        Assert.True(Ascii.IsValid(text));
        Assert.All(text.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
        Assert.DoesNotContain(text.Replace("\r\n", "", StringComparison.Ordinal), c => c is '\r' or '\n' or '\u0001');
    }

    [Fact]
    public async Task Report_in_another_language_holds_English_too_and_goes_as_ascii()
    {
        var bob = Of("bob@sink.test", ReportAction.Failed, Refused, false);
        var thai = ReferenceLanguage.For("th");

        var (report, message) = await WriteAsync(language: "th", recipients: bob);
        var (_, english) = await WriteAsync(recipients: bob);

        Assert.True(Ascii.IsValid(report.Body.Span));
        Assert.All(Encoding.ASCII.GetString(report.Body.Span).Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
        Assert.Equal(MessageTraits.None, report.Envelope.Traits);
        Assert.False(report.Envelope.SmtpUtf8);
        Assert.Equal($"{thai.Label("bounce subject.failed")} / {english.Subject}", message.Subject);
        var part = Assert.IsType<TextPart>(Parts(message)[0]);
        Assert.Equal("utf-8", part.ContentType.Charset);
        Assert.Equal("th, en", part.Headers[HeaderId.ContentLanguage]);
        var text = Unfolded(part.Text);
        Assert.StartsWith(thai.Label("bounce server", ("host", "relay.test")), text, StringComparison.Ordinal);
        Assert.Contains(Unfolded(ReplyReference.PlainWords(550, "5.1.1", language: "th")), text, StringComparison.Ordinal);
        Assert.Contains("2026-03-01 10:00 UTC", text, StringComparison.Ordinal);
        Assert.EndsWith(Unfolded(((TextPart)Parts(english)[0]).Text), text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("550 5.1.1 No such user really").Length - 1);

        // For programs nothing is different.
        Assert.Equal(Raw(Parts(english)[1]), Raw(Parts(message)[1]));
        Assert.Equal(Raw(Parts(english)[2]), Raw(Parts(message)[2]));
    }

    [Fact]
    public async Task Delay_notice_in_another_language_says_until_when_it_is_tried()
    {
        var thai = ReferenceLanguage.For("th");

        var (_, message) = await WriteAsync(language: "th", recipients: Of("bob@sink.test", ReportAction.Delayed, Silent, false));

        Assert.StartsWith(thai.Label("bounce subject.delayed"), message.Subject, StringComparison.Ordinal);
        var text = Unfolded(((TextPart)Parts(message)[0]).Text);
        Assert.Contains(thai.Label("bounce found", ("found", Silent.Text)), text, StringComparison.Ordinal);
        Assert.Contains("2026-03-06 10:00 UTC", text, StringComparison.Ordinal);
        Assert.Contains("Fri, 6 Mar 2026 10:00:00 +0000", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2 * 24 * 3600, "2 days", "2 วัน")]
    [InlineData(47 * 3600, "47 hours", "47 ชั่วโมง")]
    [InlineData(119 * 60, "119 minutes", "119 นาที")]
    [InlineData(1, "1 second,", "1 วินาที")]
    public async Task Expired_recipient_hears_how_long_it_was_tried(int seconds, string english, string thai)
    {
        var (_, message) = await WriteAsync(language: "th", expire: TimeSpan.FromSeconds(seconds), recipients: Of("bob@sink.test", ReportAction.Failed, Silent, true));

        var text = Unfolded(((TextPart)Parts(message)[0]).Text);
        Assert.Contains(english, text, StringComparison.Ordinal);
        Assert.Contains(thai, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_outside_ascii_and_another_language_go_together()
    {
        var (report, message) = await WriteAsync(
            sender: "änn@source.test", language: "th", recipients: Of("böb@sink.test", ReportAction.Failed, Refused, false));

        Assert.True(report.Envelope.SmtpUtf8);
        Assert.StartsWith("th", Parts(message)[0].Headers[HeaderId.ContentLanguage], StringComparison.Ordinal);
        Assert.Equal(2, ((TextPart)Parts(message)[0]).Text.Split("<böb@sink.test>").Length - 1);
    }

    [Theory]
    [InlineData(ReturnContent.Headers, 20, MessageTraits.None, "text/rfc822-headers")]
    [InlineData(ReturnContent.Full, 20, MessageTraits.None, "message/rfc822")]
    [InlineData(ReturnContent.Full, 100_000, MessageTraits.None, "message/rfc822")]
    [InlineData(ReturnContent.Full, 300_000, MessageTraits.None, "text/rfc822-headers")]
    [InlineData(ReturnContent.Full, 20, MessageTraits.EightBitBody, "text/rfc822-headers")]
    [InlineData(ReturnContent.Full, 20, MessageTraits.EightBitBody | MessageTraits.Binary, "text/rfc822-headers")]
    public async Task Failed_message_comes_back_as_its_sender_asked(ReturnContent asked, int size, MessageTraits traits, string type)
    {
        var eightBit = traits.HasFlag(MessageTraits.EightBitBody);
        var (report, message) = await WriteAsync(
            content: "Subject: hello\r\n\r\n" + (eightBit ? "wörld\r\n" : "world\r\n") + new string('x', size) + "\r\n",
            traits: traits,
            requests: new() { Return = asked },
            recipients: Of("bob@sink.test", ReportAction.Failed, Refused, false));

        var original = Parts(message)[2];
        Assert.Equal(type, original.ContentType.MimeType);
        Assert.False(report.Envelope.SmtpUtf8);
        var whole = original is MessagePart and not TextRfc822Headers;
        Assert.Equal(MessageTraits.None, report.Envelope.Traits);
        Assert.Null(message.Body!.Headers["Content-Transfer-Encoding"]);
        Assert.Equal(whole, report.Body.Span.IndexOf(Encoding.UTF8.GetBytes(new string('x', size) + "\r\n")) >= 0);
    }

    [Fact]
    public async Task Failed_message_with_a_header_in_utf8_comes_back_whole_as_global()
    {
        var (report, message) = await WriteAsync(
            "Subject: hällo\r\n\r\nworld\r\n",
            traits: MessageTraits.EightBitHeaders,
            requests: new() { Return = ReturnContent.Full },
            recipients: Of("bob@sink.test", ReportAction.Failed, Refused, false));

        Assert.Equal("message/global", Parts(message)[2].ContentType.MimeType);
        Assert.True(Ascii.IsValid(report.Body.Span));
        Assert.False(report.Envelope.SmtpUtf8);
        Assert.EndsWith("Subject: hällo\r\n\r\nworld\r\n", Content(Parts(message)[2]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Header_in_utf8_comes_back_as_it_is_to_a_sender_with_smtputf8()
    {
        var (report, message) = await WriteAsync(
            "Subject: hällo\r\n\r\nworld\r\n", sender: "änn@source.test", traits: MessageTraits.EightBitHeaders, recipients: Of("bob@sink.test", ReportAction.Failed, Refused, false));

        Assert.Equal("message/global-headers", Parts(message)[2].ContentType.MimeType);
        Assert.True(report.Envelope.SmtpUtf8);
        Assert.Equal("8bit", message.Body!.Headers["Content-Transfer-Encoding"]);
        Assert.Contains("\r\nSubject: hällo\r\n", Encoding.UTF8.GetString(report.Body.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReportAction.Delayed)]
    [InlineData(ReportAction.Relayed)]
    [InlineData(ReportAction.Delivered)]
    internal async Task Report_without_a_failure_returns_the_header_alone(ReportAction action)
    {
        var (_, message) = await WriteAsync(requests: new() { Return = ReturnContent.Full }, recipients: Of("bob@sink.test", action, Silent, false));

        Assert.Equal("text/rfc822-headers", Parts(message)[2].ContentType.MimeType);
    }

    [Theory]
    [InlineData("rfc822", "Bob+40x@First.test", "rfc822; Bob@x@First.test", "rfc822; Bob@x@First.test")]
    [InlineData("utf-8", "b\\x{F6}b@first.test", "utf-8; b\\x{F6}b@first.test", "utf-8; böb@first.test")]
    [InlineData("utf-8", "böb@first.test", "utf-8; b\\x{F6}b@first.test", "utf-8; böb@first.test")]
    [InlineData("UTF-8", "b\\x{zz}@first.test", "UTF-8; b\\x{zz}@first.test", "UTF-8; b\\x{zz}@first.test")]
    [InlineData("x400", "/S+3Dbob/+0D+0AX-Evil:+20yes/", "x400; /S=bob/??X-Evil: yes/", "x400; /S=bob/??X-Evil: yes/")]
    public async Task Original_recipient_is_decoded_for_the_part_it_stands_in(string type, string encoded, string plain, string global)
    {
        var original = new OriginalRecipient(type, encoded);
        var bob = new ReportedRecipient(new Recipient(Mailbox.Parse("bob@sink.test"), NotifyOn.Unsaid, original), ReportAction.Failed, Refused, false);

        var (ascii, _) = await WriteAsync(recipients: bob);
        var (utf8, _) = await WriteAsync(sender: "änn@source.test", recipients: bob);

        Assert.True(Ascii.IsValid(ascii.Body.Span));
        Assert.Contains($"\r\nOriginal-Recipient: {plain}\r\nFinal-Recipient: rfc822; bob@sink.test\r\n", Encoding.ASCII.GetString(ascii.Body.Span), StringComparison.Ordinal);
        Assert.Contains($"\r\nOriginal-Recipient: {global}\r\nFinal-Recipient: rfc822; bob@sink.test\r\n", Encoding.UTF8.GetString(utf8.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Envelope_id_is_decoded_and_adds_no_fields()
    {
        var (_, plain) = await WriteAsync(requests: new() { EnvelopeId = "QQ+3D314159" }, recipients: Of("bob@sink.test", ReportAction.Failed, Refused, false));
        var (_, hostile) = await WriteAsync(requests: new() { EnvelopeId = "a+0D+0AX-Evil:+20yes" }, recipients: Of("bob@sink.test", ReportAction.Failed, Refused, false));

        Assert.Equal("QQ=314159", ((MessageDeliveryStatus)Parts(plain)[1]).StatusGroups[0]["Original-Envelope-Id"]);
        var group = ((MessageDeliveryStatus)Parts(hostile)[1]).StatusGroups[0];
        Assert.Equal(("a??X-Evil: yes", null), (group["Original-Envelope-Id"], group["X-Evil"]));
    }

    [Theory]
    [InlineData(ReportAction.Delivered, "bounce delivered", "bounce subject.delivered")]
    [InlineData(ReportAction.Relayed, "bounce relayed", "bounce subject.relayed")]
    [InlineData(ReportAction.Expanded, "bounce expanded", "bounce subject.expanded")]
    internal async Task Success_is_told_in_both_languages_and_asks_nothing_of_the_sender(ReportAction action, string words, string subject)
    {
        var taken = Verdict.Of(new RemoteReply(250, new(2, 0, 0), "taken"), "mx.sink.test");
        var thai = ReferenceLanguage.For("th");
        var english = ReferenceLanguage.For("en");

        var (_, message) = await WriteAsync(language: "th", recipients: Of("bob@sink.test", action, taken, false));

        Assert.Equal($"{thai.Label(subject)} / {english.Label(subject)}", message.Subject);
        var text = Unfolded(((TextPart)Parts(message)[0]).Text);
        Assert.Contains(thai.Label(words, ("date", "2026-03-01 10:00 UTC")), text, StringComparison.Ordinal);
        Assert.Contains(english.Label(words, ("date", "Sun, 1 Mar 2026 10:00:00 +0000")), text, StringComparison.Ordinal);
        Assert.Contains(thai.Label("bounce said", ("host", "mx.sink.test"), ("reply", "250 2.0.0 taken")), text, StringComparison.Ordinal);
        Assert.DoesNotContain("What it means", text, StringComparison.Ordinal);
    }

    private static string Content(MimeEntity part)
    {
        using var stream = new MemoryStream();
        if (part is MessagePart { Message: { } message })
            message.WriteTo(stream);
        else
            ((MimePart)part).Content!.DecodeTo(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static ReportedRecipient Of(string address, ReportAction action, Verdict verdict, bool expired) => new(Mailbox.Parse(address), action, verdict, expired);

    private static string Raw(MimeEntity part)
    {
        using var stream = new MemoryStream();
        part.WriteTo(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static MultipartReport Parts(MimeMessage message) => Assert.IsType<MultipartReport>(message.Body);

    private static string Unfolded(string text) => string.Join(' ', text.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static async Task<(Report Report, MimeMessage Message)> WriteAsync(
        string content = "Subject: hello\r\n\r\nworld\r\n", string sender = "ann@source.test", MessageTraits traits = MessageTraits.None, string language = "en", TimeSpan? expire = null,
        SenderRequests? requests = null, params ImmutableArray<ReportedRecipient> recipients)
    {
        var octets = Encoding.UTF8.GetBytes(content);
        var envelope = new Envelope
        {
            Id = new QueueId(7),
            Sender = Mailbox.Parse(sender),
            Recipients = [.. recipients.Select(each => each.Recipient)],
            Accepted = Rig.Start.AddHours(-2),
            BodySize = octets.Length,
            Prologue = "Received: by relay.test\r\n"u8.ToArray(),
            Traits = traits,
            Requests = requests ?? SenderRequests.None,
        };
        using var body = new BufferedBody(octets);
        var report = await new ReportWriter("relay.test", expire ?? TimeSpan.FromDays(5), 32 << 10, language)
            .WriteAsync(new QueueId(8), envelope, body, recipients, Rig.Start, TestContext.Current.CancellationToken);
        using var stream = new MemoryStream(report.Body.ToArray());
        return (report, await MimeMessage.LoadAsync(stream, TestContext.Current.CancellationToken));
    }
}
