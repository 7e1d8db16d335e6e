namespace Pillarbox.Reference.Tests.Reading;

public sealed class ExplainTextTests
{
    [Theory]
    [InlineData("535", 535, null)]
    [InlineData("5.7.8", null, "5.7.8")]
    [InlineData("535 5.7.8", 535, "5.7.8")]
    [InlineData("  \"550 5.1.1 <ann@example.org>: Recipient address rejected\"  ", 550, "5.1.1")]
    [InlineData("“550 5.1.1 user unknown”", 550, "5.1.1")]
    [InlineData("550-5.7.26 This mail has been blocked.\r\n550-5.7.26 DKIM = did not pass\r\n550 5.7.26 x1-20020a05.2 - gsmtp", 550, "5.7.26")]
    [InlineData("550-No such user\n550 5.1.1 here", 550, "5.1.1")]
    [InlineData("250-mx.example.org\n250-SIZE 52428800\n250-8BITMIME\n250 HELP", 250, null)]
    [InlineData("250-8BITMIME", 250, null)]
    [InlineData("550 #5.1.0 Address rejected.", 550, "5.1.0")]
    [InlineData("550 sorry, no mailbox here by that name (#5.1.1)", 550, "5.1.1")]
    [InlineData("#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##", 550, "5.1.1")]
    [InlineData("<mx.example.org #5.1.1 smtp;550 5.1.1 unknown>", 550, "5.1.1")]
    [InlineData("Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'", 550, "5.1.10")]
    [InlineData("Diagnostic-Code: smtp; 550 5.2.1 disabled", 550, "5.2.1")]
    [InlineData("Diagnostic-Code: smtp;550 no", 550, null)]
    [InlineData("Status: 5.2.2", null, "5.2.2")]
    [InlineData("mx.example.org 550 No such user", 550, null)]
    [InlineData("mx.example.org[192.0.2.1]:25 554 no", 554, null)]
    [InlineData("host mx.example.org[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command)", 550, "5.1.1")]
    [InlineData("Nov 24 09:00:01 mail postfix/smtp[550]: 4F1A: to=<x@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=2.4, delays=0.2/0/0.45/1.5, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: 550 5.1.1 unknown (in reply to RCPT TO command))", 550, "5.1.1")]
    [InlineData("Nov 24 09:00:01 mail postfix/smtp[250]: 4F1A: dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 550)", 250, "2.0.0")]
    [InlineData("Nov 24 09:00:01 mail postfix/smtp[77]: 4F1A: to=<x@example.org>, dsn=4.4.1, status=deferred (connect to mx.example.org[192.0.2.1]:25: Connection timed out)", null, "4.4.1")]
    [InlineData("Nov 24 09:00:01 mail sendmail[9]: x: to=<x@example.org>, dsn=5.1.1, stat=User unknown", null, "5.1.1")]
    [InlineData("2026-11-24 09:00:01 1a-2b-3c ** x@example.org R=dnslookup T=remote_smtp H=mx.example.org [192.0.2.250]: SMTP error from remote mail server after RCPT TO:<x@example.org>: 550 no", 550, null)]
    [InlineData("2026-11-24 09:00:01 1a-2b-3c => x@example.org H=mx.example.org [192.0.2.250] C=\"250 2.0.0 OK\"", 250, "2.0.0")]
    [InlineData("192.0.2.1_does_not_like_recipient./Remote_host_said:_550_5.1.1_unknown/", 550, "5.1.1")]
    [InlineData("smtplib.SMTPAuthenticationError: (535, b'5.7.8 Error: authentication failed')", 535, "5.7.8")]
    [InlineData("{'x@example.org': (550, b'no such user')}", 550, null)]
    [InlineData("Error: Invalid login: 535-5.7.8 Username and Password not accepted", 535, "5.7.8")]
    [InlineData("com.example.SMTPAddressFailedException: 553 sorry, not in my list", 553, null)]
    [InlineData("The server response was: 5.7.57 Client not authenticated", null, "5.7.57")]
    [InlineData("\"code\":535,\"command\":\"AUTH\"", 535, null)]
    [InlineData("SMTP code=421, closing", 421, null)]
    [InlineData("got 221", 221, null)]
    [InlineData("S: 235 2.7.0 Authentication successful", 235, "2.7.0")]
    [InlineData("<** 535 5.7.8 no", 535, "5.7.8")]
    [InlineData("<-- 334 VXNlcm5hbWU6", 334, null)]
    [InlineData("09:24:01.250 <<< 421 4.4.2 idle", 421, "4.4.2")]
    [InlineData("599 whatever", 599, null)]
    [InlineData("to=<x@example.org>, dsn=5.0.0, status=bounced (host mx.example.org[192.0.2.1] said: 550 no (in reply to RCPT TO command))", 550, null)]
    [InlineData("to=<x@example.org>, dsn=5.0.0, status=bounced (host mx.example.org[192.0.2.1] said: 511 no mailbox (#5.1.1 - chkuser))", 511, "5.1.1")]
    [InlineData("5.3.0 - Other mail system problem 550-'Unknown user ann' (delivery attempts: 0)", 550, null)]
    [InlineData("i04Axx2c005759: Milter: data, reject=511 Virus found", 511, null)]
    [InlineData("451 4.4.395 Target host responded with error. -> 421 4.3.2 Service not available", 421, "4.3.2")]
    [InlineData("451 4.4.0 Primary target IP address responded with: \"454 4.7.5 no certificate.\" Attempted failover", 454, "4.7.5")]
    [InlineData("450 4.7.0 Proxy session setup failed with '451 4.4.0 Primary target IP address responded with: \"451 4.4.1 Token.\"", 451, "4.4.1")]
    [InlineData("550 5.4.300 Message expired -> 451 4.7.500 Server busy", 550, "5.4.300")]
    [InlineData("451 mta1.example.org Resources temporarily unavailable. [#4.16.4:70].", 451, null)]
    [InlineData("550-Callout verification failed: 550-550 5.1.10 not found", 550, "5.1.10")]
    [InlineData("b,2026-05-29 01:10:51+0200,bad-domain,192.0.2.1,,5.1.2 (bad destination system: no such domain),", null, "5.1.2")]
    [InlineData("邮件投递失败550 Mail content denied", 550, null)]
    public void Reply_is_found_in_what_surrounds_it(string text, int? code, string? enhanced)
    {
        var explanation = Explainer.ExplainText(text);

        Assert.Equal((code, enhanced), (explanation?.Code, explanation?.Enhanced));
    }

    [Fact]
    public void Transcript_is_explained_by_its_first_failure()
    {
        const string Transcript = """
            S: 220 mx.example.org ESMTP
            C: EHLO client.example.com
            S: 250-mx.example.org
            S: 250 AUTH PLAIN
            C: AUTH PLAIN AGFubgBzZWNyZXQ=
            S: 535 5.7.8 Authentication credentials invalid
            C: QUIT
            S: 221 2.0.0 Goodbye
            """;

        Assert.Equal("535 5.7.8", Explainer.ExplainText(Transcript)?.Label);
    }

    [Theory]
    [InlineData("550-mx.example.org is not permitted to\nrelay through this server", "relayDenied")]
    [InlineData("host mx.example.org[192.0.2.1] said: 550 Sender's policy\n    prohibits this message: Reject (in reply to end of DATA command)", "senderAuthenticationFailed")]
    [InlineData("550 <spam@example.org>: user unknown", "userUnknown")]
    [InlineData("450 4.1.1 <x@example.org>: Recipient address rejected: User unknown; from=<virus@example.org> to=<spam@example.org> proto=ESMTP helo=<dnsbl.example.org>", "userUnknown")]
    [InlineData("550-5.1.1 The account that you tried does not 550-5.1.1 exist here 550 5.1.1 at all", "userUnknown")]
    [InlineData("delivery 12: deferral: Connected_to_192.0.2.1_but_connection_timed_out./", "networkError")]
    [InlineData("status=deferred (cannot find alias database owner)", "systemError")]
    public void Words_are_read_however_they_were_broken_and_joined(string text, string reason) =>
        Assert.Equal(reason, Explainer.ExplainText(text)?.Reason.ToName());

    [Fact]
    public void Names_of_people_are_no_words() => Assert.NotEqual(ReplyReason.SpamDetected, Explainer.ExplainText("550 <spam@example.org> no")?.Reason);

    [Fact]
    public void Reply_that_quotes_others_without_end_is_read_in_time()
    {
        var text = "550 5.7.1 " + string.Concat(Enumerable.Repeat("-> 550 responded with: ", 100_000));

        Assert.Equal(550, Explainer.ExplainText(text)?.Code);
    }

    [Theory]
    [InlineData("host mx.example.org said: 550 5.7.1 no (in reply to end\n    of DATA command)", "endOfData")]
    [InlineData("host mx.example.org said: 550 5.7.1 no (in reply to RCPT TO command)", "RCPT")]
    [InlineData("host mx.example.org said: 550 5.7.1 no (in reply to end of DATA command)", "endOfData")]
    [InlineData("SMTP error from remote mail server after pipelined RCPT TO:<x@example.org>: 550 5.7.1 no", "RCPT")]
    [InlineData("SMTP error from remote mail server after initial connection: 554 no", "connection")]
    public void Command_that_a_log_names_picks_the_meaning(string text, string command) =>
        Assert.Equal(command, Explainer.ExplainText(text)!.Commands[0]);

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("call me at 550")]
    [InlineData("192.0.2.250")]
    [InlineData("2026-11-24 09:06:03 connect from 250.example")]
    [InlineData("smtpd[550]: connect from client")]
    [InlineData("I have 250 apples")]
    [InlineData("Exim 4.97.1")]
    [InlineData("message of 552 bytes")]
    [InlineData("size=550, nrcpt=1")]
    [InlineData("1.550")]
    [InlineData("0550 x")]
    [InlineData("5500 x")]
    [InlineData("650 x")]
    [InlineData("150 x")]
    [InlineData("550.12")]
    [InlineData("5.1.1.1")]
    [InlineData("port 25 at 2.3.4")]
    public void Text_without_a_reply_is_none(string text)
    {
        Assert.Null(Explainer.ExplainText(text));
        Assert.False(Explainer.TryExplainText(text, out _));
    }

    [Theory]
    [InlineData("450 5.1.1 unknown", "450 says")]
    [InlineData("450 4.1.1 permanent failure: no such user", "permanent failure, but 450")]
    [InlineData("451 Permanently rejected", "permanent failure, but 451")]
    [InlineData("4.7.0 do not retry", "first digit of 4.7.0")]
    [InlineData("550 5.7.1 Greylisted, try again later", "temporary problem, but 550")]
    [InlineData("550 temporarily deferred", "temporary problem, but 550")]
    [InlineData("550-no\n554 5.7.1 really not", "554 and 550|550 and 554")]
    public void Contradiction_is_named(string text, string says)
    {
        var contradictions = Explainer.ExplainText(text)!.Contradictions;

        Assert.Contains(contradictions, one => says.Split('|').Any(way => one.Contains(way, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("450 4.1.1 not permanent, wait")]
    [InlineData("450 4.2.0 <permanent@example.org>: greylisted")]
    [InlineData("451 see https://permanent.example.org/")]
    [InlineData("535 5.7.8 wrong password, please try again")]
    [InlineData("550 5.7.1 temporary addresses are not welcome")]
    [InlineData("550 5.1.1 <again@example.org> unknown")]
    public void Word_that_means_something_else_is_no_contradiction(string text) =>
        Assert.Empty(Explainer.ExplainText(text)!.Contradictions);

    [Theory]
    [InlineData('5')]
    [InlineData('.')]
    [InlineData('-')]
    [InlineData(' ')]
    [InlineData('#')]
    [InlineData('\n')]
    [InlineData('\0')]
    [InlineData('\u0e01')]
    [InlineData('\ud800')]
    public void Endless_text_of_one_character_is_no_reply(char c) => Assert.Null(Explainer.ExplainText(new string(c, 1_000_000)));

    [Theory]
    [InlineData("550-")]
    [InlineData("550 ")]
    [InlineData("5.1.1 ")]
    [InlineData("550-5.1.1 permanent try again later\n")]
    [InlineData("host.example.org ")]
    [InlineData("not permanent ")]
    [InlineData("x=550: (")]
    public void Endless_repetition_ends(string part)
    {
        // Linear time is what lets this come back; a quadratic scan would take minutes for it.
        var text = string.Concat(Enumerable.Repeat(part, 200_000));

        var explanation = Explainer.ExplainText(text);

        Assert.True(explanation is null or { Name.Length: > 0 });
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(20261124);
        const string Alphabet = "0123456789.. --#:;'\"()[]<>=\n\r\tabSs\u00a7\u0e01";
        for (var round = 0; round < 20_000; round++)
        {
            var text = new string(random.GetItems<char>(Alphabet, random.Next(60)));
            if (Explainer.TryExplainText(text, out var explanation))
                Assert.True(explanation.Code is null or >= 200 and <= 599);
        }
    }
}
