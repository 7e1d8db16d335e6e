using System.Net;

using MailKit.Security;

using Pillarbox.Interop.Tests.Clients;

namespace Pillarbox.Interop.Tests.Logins;

/// <summary>What <c>pillarbox account</c> does is in force with the next login, while the server runs.</summary>
public sealed class AccountLifeTests(LoginServer server) : IClassFixture<LoginServer>
{
    [Fact]
    public async Task Account_from_its_making_to_its_end_is_answered_as_it_stands()
    {
        var (first, second) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));
        await AssertAsync("535 5.7.8", first);

        await server.AccountAsync(["add", "bob", "--readable"], first);
        await AssertAsync("235 2.7.0", first);
        await AssertAsync("235 2.7.0", first, "CRAM-MD5");

        await server.AccountAsync(["change", "bob", "--disable"]);
        await AssertAsync("535 5.7.8", first);
        await AssertAsync("535 5.7.8", first, "SCRAM-SHA-256");

        await server.AccountAsync(["change", "bob", "--enable", "--must-change-password"]);
        await AssertAsync("432 4.7.12", first);
        await AssertAsync("432 4.7.12", first, "SCRAM-SHA-256");
        await AssertAsync("535 5.7.8", "wrong", "SCRAM-SHA-256");

        // Without --readable, so that CRAM-MD5 is over for this account.
        await server.AccountAsync(["password", "bob"], second);
        await AssertAsync("235 2.7.0", second);
        await AssertAsync("235 2.7.0", second, "SCRAM-SHA-512");
        await AssertAsync("535 5.7.8", second, "CRAM-MD5");
        await AssertAsync("535 5.7.8", first);

        await server.AccountAsync(["remove", "bob"]);
        await AssertAsync("535 5.7.8", second, "SCRAM-SHA-1");
    }

    private async Task AssertAsync(string reply, string password, string mechanism = "PLAIN")
    {
        var credentials = new NetworkCredential("bob", password);
        SaslMechanism asked = mechanism switch
        {
            "CRAM-MD5" => new SaslMechanismCramMd5(credentials),
            "SCRAM-SHA-1" => new SaslMechanismScramSha1(credentials),
            "SCRAM-SHA-256" => new SaslMechanismScramSha256(credentials),
            "SCRAM-SHA-512" => new SaslMechanismScramSha512(credentials),
            _ => new SaslMechanismPlain(credentials),
        };
        var session = await MailKitClient.LogInAsync(server.PortOf("all"), asked);

        Assert.Contains(reply, session.Transcript, StringComparison.Ordinal);
    }
}
