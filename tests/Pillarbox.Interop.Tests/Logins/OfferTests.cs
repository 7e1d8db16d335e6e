using System.Net;

using MailKit.Security;

using Pillarbox.Interop.Tests.Clients;
using Pillarbox.Protocol.Sasl;

namespace Pillarbox.Interop.Tests.Logins;

/// <summary>What is offered, and what clients choose of it by themselves.</summary>
public sealed class OfferTests(LoginServer server) : IClassFixture<LoginServer>
{
    [Fact]
    public void Table_has_every_mechanism_of_a_password_and_every_client_and_says_why_one_lacks_some()
    {
        string[] others = ["EXTERNAL", "OAUTHBEARER", "XOAUTH2"];

        Assert.Equal(SaslExchange.Mechanisms.Except(others).Order(), LoginMatrix.Mechanisms.Order());
        Assert.Equal(MailClient.All.Keys.Concat(Servers.Sending.Keys).Append("gsasl").Order(), LoginMatrix.Clients.Select(row => row.Client).Order());
        Assert.All(LoginMatrix.Clients, row => Assert.All(row.Cells, cell => Assert.Contains(cell, new[] { "yes", "-" })));
        Assert.All(LoginMatrix.Clients, row => Assert.Equal(row.Cells.Contains("-"), row.WhyNot.Length > 0));
    }

    [Fact]
    public async Task Listener_by_default_offers_neither_plus_nor_cram_md5_and_clients_choose_scram()
    {
        var mailKit = await MailKitClient.LogInAsync(server.PortOf("default"), "ann", server.Password);
        var gsasl = await GsaslClient.LogInAsync(server.PortOf("default"), null, "ann", server.Password);

        Assert.Equal(["LOGIN", "PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"], mailKit.Offered.Order());
        Assert.True(mailKit.Session.Succeeded, mailKit.Session.Transcript);
        Assert.Contains("AUTH SCRAM-SHA-512", mailKit.Session.Transcript, StringComparison.Ordinal);
        Assert.True(gsasl.Succeeded, gsasl.Transcript);
        Assert.Contains("AUTH SCRAM-SHA-256", gsasl.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listener_with_plus_is_chosen_by_plus_which_goes_through_where_the_client_knows_the_binding()
    {
        var mailKit = await MailKitClient.LogInAsync(server.PortOf("plus"), "ann", server.Password, avoided: "SCRAM-SHA-512");
        var gsasl = await GsaslClient.LogInAsync(server.PortOf("plus"), null, "ann", server.Password, binds: true);

        Assert.True(mailKit.Session.Succeeded, mailKit.Session.Transcript);
        Assert.Contains("AUTH SCRAM-SHA-256-PLUS", mailKit.Session.Transcript, StringComparison.Ordinal);

        // Why it is off by default: this one knows only bindings that a server cannot have here, and chooses PLUS all the same.
        Assert.False(gsasl.Succeeded, gsasl.Transcript);
        Assert.Contains("AUTH SCRAM-SHA-256-PLUS", gsasl.Transcript, StringComparison.Ordinal);
        Assert.DoesNotContain("235 2.7.0", gsasl.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mechanism_that_is_not_offered_gets_504()
    {
        var credentials = new NetworkCredential("ann", server.Password);
        foreach (var mechanism in new SaslMechanism[] { new SaslMechanismDigestMd5(credentials), new SaslMechanismNtlm(credentials), new SaslMechanismCramMd5(credentials) })
        {
            var session = await MailKitClient.LogInAsync(server.PortOf("default"), mechanism);

            Assert.False(session.Succeeded, session.Transcript);
            Assert.Contains($"AUTH {mechanism.MechanismName}", session.Transcript, StringComparison.Ordinal);
            Assert.Contains("504 5.5.4", session.Transcript, StringComparison.Ordinal);
        }
    }
}
