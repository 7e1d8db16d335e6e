using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Logins;

/// <summary>Servers that hand over their mail with a password, by each mechanism that they have: each is offered one alone.</summary>
public sealed class ServerLoginTests(LoginServer server) : IClassFixture<LoginServer>
{
    public static TheoryData<string, string> ServersAndMechanisms => LoginMatrix.Of(Servers.Sending.Keys.Where(name => name != "Postfix"));

    [Theory]
    [MemberData(nameof(ServersAndMechanisms))]
    public async Task Server_with_the_password_hands_over_its_mail_and_with_a_wrong_one_is_told_535(string name, string mechanism)
    {
        await using var good = await StartAsync(name, mechanism, server.Password);
        await using var bad = await StartAsync(name, mechanism, "wrong");
        var (right, wrong) = (TestMessages.NewSubject(), TestMessages.NewSubject());

        await SubmitAsync(bad.Port, wrong, "ann@source.test", "bob@local.test");
        await SubmitAsync(good.Port, right, "ann@source.test", "bob@local.test");

        await Readiness.UntilAsync(() => bad.Log.Contains("535 5.7.8", StringComparison.Ordinal), $"535 in the log of {name}");
        await server.WaitForAsync(right);
        Assert.DoesNotContain(wrong, server.Delivered());
    }

    /// <summary>One Postfix has all its logins: the recipient's domain says which listener it goes to, the sender which password is used.</summary>
    [Fact]
    public async Task Postfix_logs_in_by_each_mechanism_and_a_wrong_password_bounces()
    {
        var mechanisms = LoginMatrix.Of(["Postfix"]).Select(row => row.Data.Item2).ToList();
        await using var postfix = await PostfixServer.StartAsync(Postfix(mechanisms));
        var subjects = mechanisms.ToDictionary(mechanism => mechanism, _ => (Right: TestMessages.NewSubject(), Wrong: TestMessages.NewSubject()));

        foreach (var (mechanism, (right, wrong)) in subjects)
        {
            await SubmitAsync(postfix.Port, wrong, "ann@wrong.test", $"wrong@{LoginServer.DomainOf(mechanism)}");
            await SubmitAsync(postfix.Port, right, "ann@right.test", $"bob@{LoginServer.DomainOf(mechanism)}");
        }

        foreach (var (mechanism, (right, _)) in subjects)
        {
            await server.WaitForAsync(right);
            var recipient = $"to=<wrong@{LoginServer.DomainOf(mechanism)}>";
            await Readiness.UntilAsync(() => Line(postfix, recipient) is not null, $"{recipient} in Postfix's log");
            Assert.Contains("535 5.7.8", Line(postfix, recipient), StringComparison.Ordinal);
            Assert.Contains($": AUTH {mechanism}", postfix.Log, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(server.Delivered(), delivered => subjects.Values.Any(each => each.Wrong == delivered));
    }

    private static string? Line(PostfixServer postfix, string part) =>
        postfix.Log.Split('\n').FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal) && line.Contains("status=", StringComparison.Ordinal));

    private PostfixSettings Postfix(IReadOnlyList<string> mechanisms)
    {
        var ways = mechanisms.Select(mechanism => $"{{ {LoginServer.DomainOf(mechanism)} = smtp:[127.0.0.1]:{server.PortOf(mechanism)} }}");
        return new PostfixSettings
        {
            Hostname = "source.test",
            RelayHost = $"[127.0.0.1]:{server.PortOf("default")}",
            Main =
            [
                $"transport_maps = inline:{{ {string.Join(", ", ways)}, {{ wrong.test = discard: }} }}",
                "smtp_tls_security_level = encrypt",
                "smtp_sasl_auth_enable = yes",
                "smtp_sasl_tls_security_options = noanonymous",
                "smtp_sender_dependent_authentication = yes",
                $"smtp_sasl_password_maps = inline:{{ {{ ann@right.test = ann:{server.Password} }}, {{ ann@wrong.test = ann:wrong }} }}",
                "smtp_sasl_auth_soft_bounce = no",
                "smtp_connection_cache_on_demand = no",
                "debug_peer_list = 127.0.0.1",
            ],
        };
    }

    private Task<MailServer> StartAsync(string name, string mechanism, string password) => Servers.Sending[name](
        new PeerSettings { Hostname = "source.test", Relay = new PeerRelay(server.PortOf(mechanism), new PeerAccount("ann", password)) });

    private static async Task SubmitAsync(int port, string subject, string sender, string recipient)
    {
        await using var conversation = await SmtpConversation.ConnectAsync(port);
        await conversation.ExpectAsync("EHLO source.test", "250");
        Assert.StartsWith("250", await conversation.TransactAsync(TestMessages.Create("plain text", subject), sender, recipient), StringComparison.Ordinal);
    }
}
