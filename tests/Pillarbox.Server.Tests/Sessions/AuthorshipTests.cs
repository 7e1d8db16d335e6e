using System.Text;

namespace Pillarbox.Server.Tests.Sessions;

/// <summary>Who a message may say that it is by, where the account is limited to senders; and what Received says of the account.</summary>
public sealed class AuthorshipTests
{
    private const string NotYours = "550 5.7.1 The message's From or Sender is not one that your account may use";

    public static TheoryData<string, bool> Headers => new()
    {
        { "From: bob@example.org", true },
        { "FROM : Bob B. <BOB@Example.ORG> (home)", true },
        { "From:\r\n Bob\r\n <bob@example.org>", true },
        { "From: =?utf-8?q?Ann_=3Cann=40example=2Eorg=3E?= <bob@example.org>", true },
        { "From: bob@example.org, anyone@team.example", true },
        { "From: The team: x@team.example, bob@example.org;", true },
        { "From: \"ann@example.org\" <bob@example.org>", true },
        { "From: bob@example.org\r\nSender: it@team.example", true },
        { "X-From: ann@example.org\r\nFrom: bob@example.org\r\nFromage: ann@example.org\r\nReply-To: ann@example.org", true },
        { "From: bob@example.org\r\n\r\nFrom: ann@example.org", true },
        { "From: ann@example.org", false },
        { "From: ann@example.org\r\nSender: bob@example.org", false },
        { "From: bob@example.org, ann@example.org", false },
        { "From: bob@example.org\r\nSender: ann@example.org", false },
        { "From: bob@example.org\r\nSender: bob@example.org, it@team.example", false },
        { "From: bob@example.org\r\nSender: bob@example.org\r\nSender: ann@example.org", false },
        { "From: bob@example.org\r\nFrom: ann@example.org", false },
        { "From: bob@example.org\r\nSubject: x\r\nfrom\t : ann@example.org", false },
        { "From: bob@example.org\r\nFrom ann@example.org: x", false },
        { "From ann@example.org Tue Nov 24 00:00:00 2026\r\nFrom: bob@example.org", false },
        { "From: bob@example.org\r\nnot a field\r\nFrom: ann@example.org", false },
        { "From: bob@example.org\r\n\t, ann@example.org", false },
        { " \r\nFrom: bob@example.org", false },
        { "Subject: nobody's", false },
        { "From:", false },
        { "From: undisclosed:;", false },
        { "From: bob", false },
        { "From: <@relay.example:bob@example.org>", false },
        { "From: bob@example.org ann@example.org", false },
        { "From: bob@example.org <ann@example.org>", false },
        { "From: <bob@example.org> <ann@example.org>", false },
        { "From: bob@example.org\0, ann@example.org", false },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task Author_ofAMessage_mustBeTheAccounts(string header, bool taken)
    {
        await using var server = await StartAsync(("check-from", "true"));

        // Whole, and with every octet in a write of its own.
        foreach (var piece in new[] { 1, int.MaxValue })
        {
            string[] session =
            [
                $"EHLO x\r\nAUTH PLAIN {server.Plain("bob")}\r\n", "MAIL FROM:<bob@example.org>\r\nRCPT TO:<c@elsewhere.example>\r\nDATA\r\n",
                .. $"{header}\r\n\r\nx\r\n.\r\n".Chunk(piece).Select(chars => new string(chars)), "QUIT\r\n",
            ];
            var said = await PipedSession.SayAsync(server, session);
            Assert.Equal(taken ? "250 2.0.0 OK" : NotYours, said[^2].Split(',')[0]);
        }
    }

    [Fact]
    public async Task Author_ofAMessageInChunks_isAskedForAtTheLast()
    {
        await using var server = await StartAsync(("check-from", "true"));
        string[] session =
        [
            $"EHLO x\r\nAUTH PLAIN {server.Plain("bob")}\r\n", "MAIL FROM:<bob@example.org>\r\nRCPT TO:<c@elsewhere.example>\r\nBDAT 2\r\nFr", "BDAT 23 LAST\r\nom: bob@example.org\r\n\r\n",
            "MAIL FROM:<bob@example.org>\r\nRCPT TO:<c@elsewhere.example>\r\nBDAT 2\r\nFr", "BDAT 23 LAST\r\nom: ann@example.org\r\n\r\n",
        ];
        var said = await PipedSession.SayAsync(server, session);

        Assert.StartsWith("250 2.0.0 OK, queued", said[^5], StringComparison.Ordinal);
        Assert.Equal(NotYours, said[^1]);
    }

    [Fact]
    public async Task Author_thatIsLongerThanAnyIs_isRefused()
    {
        await using var server = await StartAsync(("check-from", "true"));
        var many = string.Join(",\r\n ", Enumerable.Repeat("bob@example.org", 5000));
        var said = await PipedSession.SayAsync(server, [$"EHLO x\r\nAUTH PLAIN {server.Plain("bob")}\r\n", "MAIL FROM:<bob@example.org>\r\nRCPT TO:<c@elsewhere.example>\r\nDATA\r\n", $"From: {many}\r\n\r\nx\r\n.\r\n"]);

        Assert.Equal(NotYours, said[^1]);
    }

    [Theory]
    [InlineData("ann", "true")]
    [InlineData("bob", "false")]
    public async Task Author_isNotAskedFor_whereNothingLimitsTheAccount(string name, string check)
    {
        await using var server = await StartAsync(("check-from", check));
        var said = await PipedSession.SayAsync(server, [$"EHLO x\r\nAUTH PLAIN {server.Plain(name)}\r\n", "MAIL FROM:<bob@example.org>\r\nRCPT TO:<c@elsewhere.example>\r\nDATA\r\n", "From: eve@example.org\r\n\r\nx\r\n.\r\n"]);

        Assert.StartsWith("250 2.0.0 OK, queued", said[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false", "", "with ESMTPA id", "authenticated")]
    [InlineData("true", "", "\r\n\t(authenticated: bob)\r\n", "nothing else")]
    [InlineData("true", " SMTPUTF8", "with UTF8SMTPA id", "nothing else")]
    public async Task Received_namesTheAccount_whereConfigured(string setting, string parameter, string there, string absent)
    {
        await using var server = await StartAsync(("received-account", setting));
        await PipedSession.SayAsync(server, [$"EHLO x\r\nAUTH PLAIN {server.Plain("bob")}\r\n", $"MAIL FROM:<bob@example.org>{parameter}\r\nRCPT TO:<c@elsewhere.example>\r\nDATA\r\n", "From: bob@example.org\r\n\r\nx\r\n.\r\n"]);

        var prologue = Encoding.UTF8.GetString(Assert.Single(await server.QueueAsync()).Envelope.Prologue.Span);
        Assert.Contains(there, prologue, StringComparison.Ordinal);
        Assert.DoesNotContain(absent, prologue, StringComparison.Ordinal);
    }

    // RFC 3848, RFC 6531 §4.3.
    [Theory]
    [InlineData(false, "", "with ESMTPS id")]
    [InlineData(true, "", "with ESMTPSA id")]
    [InlineData(false, " SMTPUTF8", "with UTF8SMTPS id")]
    [InlineData(true, " SMTPUTF8", "with UTF8SMTPSA id")]
    public async Task Received_underTls_saysHowItCame(bool loggedIn, string parameter, string there)
    {
        await using var server = await TestServer.StartAsync(("role", "submission"), ("auth", "optional"), ("tls", "implicit"), ("relay-from", "127.0.0.0/8"));
        await using (var client = await TestClient.ConnectAsync(server.Address, greeted: false))
        {
            await client.StartTlsAsync();
            await client.ReplyAsync();
            await client.SayAsync("EHLO x");
            if (loggedIn)
                Assert.StartsWith("235 ", await client.SayAsync($"AUTH PLAIN {server.Plain("ann")}"), StringComparison.Ordinal);
            await client.SayAsync($"MAIL FROM:<ann@example.org>{parameter}");
            await client.SayAsync("RCPT TO:<c@elsewhere.example>");
            await client.SayAsync("DATA");
            Assert.StartsWith("250 ", await client.SayAsync("x\r\n."), StringComparison.Ordinal);
        }

        Assert.Contains(there, Encoding.UTF8.GetString(Assert.Single(await server.QueueAsync()).Envelope.Prologue.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Received_ofAnAccountWithAStrangeName_staysOneField()
    {
        await using var server = await StartAsync(("received-account", "true"), ("xclient-from", "127.0.0.0/8"));
        await PipedSession.SayAsync(server, ["EHLO x\r\nXCLIENT LOGIN=a+29;+20b+5Cc+C3+A9\r\nEHLO x\r\n", "MAIL FROM:<bob@example.org>\r\nRCPT TO:<c@elsewhere.example>\r\nDATA\r\n", "From: bob@example.org\r\n\r\nx\r\n.\r\n"]);

        var prologue = Encoding.UTF8.GetString(Assert.Single(await server.QueueAsync()).Envelope.Prologue.Span);
        Assert.Contains("\r\n\t(authenticated: a\\); b\\\\c?)\r\n", prologue, StringComparison.Ordinal);
    }

    // The rights of who logged in before the peer spoke for another are not that one's.
    [Theory]
    [InlineData("LOGIN=team", "250 ")]
    [InlineData("ADDR=192.0.2.7", "530 5.7.0 ")]
    public async Task Senders_ofWhoLoggedIn_endWithXclient(string said, string reply)
    {
        await using var server = await StartAsync(("xclient-from", "127.0.0.0/8"));
        var session = await PipedSession.SayAsync(server, [$"EHLO x\r\nAUTH PLAIN {server.Plain("bob")}\r\n", $"XCLIENT {said}\r\n", "EHLO x\r\n", "MAIL FROM:<eve@example.org>\r\n"]);

        Assert.StartsWith(reply, session[^1], StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync(params (string Key, string Value)[] settings) =>
        TestServer.StartAsync([("role", "submission"), ("auth", "required"), ("insecure-auth", "true"), .. settings]);
}
