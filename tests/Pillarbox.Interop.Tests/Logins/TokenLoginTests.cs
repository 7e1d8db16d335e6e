using MailKit.Security;

using Pillarbox.Interop.Tests.Clients;
using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Logins;

/// <summary>Clients that log in by a token of a real provider.</summary>
public sealed class TokenLoginTests(VouchedServer server) : IClassFixture<VouchedServer>
{
    public static TheoryData<string, string> ClientsAndMechanisms => new()
    {
        { "curl", "OAUTHBEARER" }, { "curl", "XOAUTH2" }, { "MailKit", "OAUTHBEARER" }, { "MailKit", "XOAUTH2" },
        { "msmtp", "OAUTHBEARER" }, { "msmtp", "XOAUTH2" }, { "smtplib", "OAUTHBEARER" }, { "smtplib", "XOAUTH2" }, { "nodemailer", "XOAUTH2" },
    };

    [Theory]
    [MemberData(nameof(ClientsAndMechanisms))]
    public async Task Client_with_a_token_is_let_in(string client, string mechanism)
    {
        var session = await LogInAsync(client, mechanism, "ann@example.org", await server.Provider.TokenAsync(new TokenWish()));

        Assert.True(session.Succeeded, session.Transcript);
        Assert.Contains("235 2.7.0", session.Transcript, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ClientsAndMechanisms))]
    public async Task Client_with_a_token_for_another_server_is_told_why_and_then_535(string client, string mechanism)
    {
        var session = await LogInAsync(client, mechanism, "ann@example.org", await server.Provider.TokenAsync(new TokenWish { Audience = "another" }));

        Assert.False(session.Succeeded);
        Assert.Contains("334 eyJzdGF0dXMiO", session.Transcript, StringComparison.Ordinal);
        Assert.Contains("535 5.7.8", session.Transcript, StringComparison.Ordinal);
        await server.WaitForLogAsync("token of ann@example.org not taken: it is for another audience");
    }

    [Theory]
    [InlineData("bob@example.org", "ann@example.org", "smtp", "token of bob@example.org not taken: it is for ann@example.org")]
    [InlineData("eve@example.org", "eve@example.org", "smtp", "token of eve@example.org not taken: eve@example.org is no account")]
    [InlineData("ann@example.org", "ann@example.org", "other", "token of ann@example.org not taken: it lacks the scope smtp")]
    [InlineData("bob@example.org", "bob@example.org", "smtp", "login of bob@example.org from 127.0.0.1 by OAUTHBEARER refused: the account is closed")]
    public async Task Token_that_is_good_but_not_for_that_is_refused(string user, string email, string scope, string logged)
    {
        var session = await LogInAsync("MailKit", "OAUTHBEARER", user, await server.Provider.TokenAsync(new TokenWish { Email = email, Scope = scope }));

        Assert.False(session.Succeeded);
        Assert.Contains("535 5.7.8", session.Transcript, StringComparison.Ordinal);
        await server.WaitForLogAsync(logged);
    }

    [Theory]
    [InlineData("ann@example.org", true)]
    [InlineData("ceo@example.org", false)]
    public async Task What_holds_of_the_account_holds_of_who_has_its_token(string from, bool succeeds)
    {
        var subject = TestMessages.NewSubject();
        var token = await server.Provider.TokenAsync(new TokenWish());
        var session = await CurlAsync(server.PortOf("starttls"), "XOAUTH2", "ann@example.org", token, from, subject);

        Assert.Equal(succeeds, session.Succeeded);
        if (succeeds)
            await server.WaitForAsync(subject);
        else
            Assert.Contains("550 5.7.1", session.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_not_asked_for_without_tls_even_where_passwords_are()
    {
        await using var session = await SmtpConversation.ConnectAsync(server.PortOf("clear"));
        var inClear = await session.ExpectAsync("EHLO client.test", "250");
        var refused = await session.CommandAsync("AUTH XOAUTH2 dXNlcj1hbm4BYXV0aD1CZWFyZXIgYQEB");
        await session.StartTlsAsync();
        var underTls = await session.ExpectAsync("EHLO client.test", "250");

        Assert.Contains("PLAIN", inClear, StringComparison.Ordinal);
        Assert.DoesNotContain("XOAUTH2", inClear, StringComparison.Ordinal);
        Assert.DoesNotContain("OAUTHBEARER", inClear, StringComparison.Ordinal);
        Assert.StartsWith("504 5.5.4", refused, StringComparison.Ordinal);
        Assert.Contains(" OAUTHBEARER XOAUTH2", underTls, StringComparison.Ordinal);
        Assert.DoesNotContain("EXTERNAL", underTls, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OAUTHBEARER", "AQ==", "535 5.7.8")]
    [InlineData("XOAUTH2", "", "535 5.7.8")]
    [InlineData("OAUTHBEARER", "*", "501 5.7.0")]
    public async Task Refusal_is_a_challenge_and_a_verdict_and_the_session_goes_on(string mechanism, string answer, string verdict)
    {
        await using var session = await SmtpConversation.ConnectAsync(server.PortOf("starttls"));
        await session.ExpectAsync("EHLO client.test", "250");
        await session.StartTlsAsync();
        await session.ExpectAsync("EHLO client.test", "250");
        var first = mechanism == "XOAUTH2" ? "user=ann@example.org\u0001auth=Bearer no.such.token\u0001\u0001" : "n,a=ann@example.org,\u0001\u0001";

        var challenge = await session.ExpectAsync($"AUTH {mechanism} {Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(first))}", "334 ");
        var told = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(challenge[4..]));
        await session.ExpectAsync(answer, verdict);

        Assert.Contains("\"scope\":\"smtp\"", told, StringComparison.Ordinal);
        Assert.Equal(mechanism == "OAUTHBEARER", told.Contains($"\"openid-configuration\":\"{server.Provider.Issuer}.well-known/openid-configuration\"", StringComparison.Ordinal));
        await session.ExpectAsync("NOOP", "250");
    }

    [Fact]
    public async Task Provider_that_is_down_costs_nobody_a_token_and_is_not_needed_again_for_its_keys()
    {
        using var directory = new TempDirectory("provider");
        var (smtp, console, provider) = (FreePort.Take(), FreePort.Take(), FreePort.Take());
        await using var pillarbox = await PillarboxProcess.ServeAsync(directory, $"""
            hostname = "capture.test"
            data = "{directory["data"]}"
            [[listeners]]
            name = "capture"
            address = "127.0.0.1:{smtp}"
            role = "capture"
            auth = "optional"
            insecure-auth = true
            mechanisms = ["OAUTHBEARER"]
            [accounts]
            source = "any"
            [accounts.oauth]
            issuer = "http://127.0.0.1:{provider}/"
            audience = "pillarbox"
            [[routes]]
            to = "*"
            via = "capture"
            [console]
            address = "127.0.0.1:{console}"
            """, new PillarboxSettings { Ports = [smtp, console] });
        var name = "ann@example.org";
        string good;
        await using (var elsewhere = await OpenIdProvider.StartAsync(provider))
            good = await elsewhere.TokenAsync(new TokenWish());

        Assert.StartsWith("454 4.7.0", await VerdictAsync(smtp, name, good), StringComparison.Ordinal);

        await using (var returned = await OpenIdProvider.StartAsync(provider))
        {
            good = await returned.TokenAsync(new TokenWish());
            await Readiness.UntilAsync(async () => (await VerdictAsync(smtp, name, good)).StartsWith("235 2.7.0", StringComparison.Ordinal), "the provider's keys known");
        }

        Assert.StartsWith("235 2.7.0", await VerdictAsync(smtp, name, good), StringComparison.Ordinal);
        Assert.Contains("the provider's keys cannot be had", pillarbox.Process.Output, StringComparison.Ordinal);
    }

    private static async Task<string> VerdictAsync(int port, string name, string token)
    {
        await using var session = await SmtpConversation.ConnectAsync(port);
        await session.ExpectAsync("EHLO client.test", "250");
        return await session.CommandAsync($"AUTH OAUTHBEARER {Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"n,a={name},\u0001auth=Bearer {token}\u0001\u0001"))}");
    }

    private Task<ClientSession> LogInAsync(string client, string mechanism, string user, string token)
    {
        var port = server.PortOf("starttls");
        return client switch
        {
            "MailKit" => MailKitClient.LogInAsync(port, mechanism == "XOAUTH2" ? new SaslMechanismOAuth2(user, token) : new SaslMechanismOAuthBearer(user, token)),
            "curl" => CurlAsync(port, mechanism, user, token, "ann@example.org", TestMessages.NewSubject()),
            _ => MailClient.All[client].SendAsync(new ClientTask(port, mechanism, user, token, TestMessages.Create("plain text", TestMessages.NewSubject()))
            {
                From = "ann@example.org",
                To = "local@local.test",
            }),
        };
    }

    private static async Task<ClientSession> CurlAsync(int port, string mechanism, string user, string token, string from, string subject)
    {
        using var directory = new TempDirectory("curl");
        await File.WriteAllBytesAsync(directory["message"], TestMessages.Create("plain text", subject));
        var result = await Command.RunAsync(Command.Find("curl"),
        [
            "--verbose", "--silent", "--show-error", "--max-time", "60", "--url", $"smtp://127.0.0.1:{port}/client.test", "--ssl-reqd", "--insecure",
            "--user", $"{user}:", "--oauth2-bearer", token, "--login-options", $"AUTH={mechanism}",
            "--mail-from", from, "--mail-rcpt", "local@local.test", "--upload-file", directory["message"],
        ]);
        return new ClientSession(result.Status == 0, result.Output + result.Error);
    }
}
