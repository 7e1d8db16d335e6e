using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using Pillarbox.Interop.Tests.Clients;
using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Logins;

/// <summary>Clients that log in by a certificate, and such as show one that does not count.</summary>
public sealed class CertificateLoginTests(VouchedServer server) : IClassFixture<VouchedServer>
{
    private const string Refused = "TLS handshake failed: the client";

    [Theory]
    [InlineData("starttls", "")]
    [InlineData("starttls", "ann@example.org")]
    [InlineData("implicit", "ann@example.org")]
    public async Task Curl_with_a_certificate_sends(string listener, string user)
    {
        var subject = TestMessages.NewSubject();

        var result = await CurlAsync(listener, user, server.Authority.Sign(new ClientCertificateWish()), subject);

        Assert.True(result.Status == 0, result.ToString());
        Assert.Contains("> AUTH EXTERNAL", result.Error, StringComparison.Ordinal);
        Assert.Contains("235 2.7.0", result.Error, StringComparison.Ordinal);
        await server.WaitForAsync(subject);
        await server.WaitForLogAsync("client certificate of CN=authority-");
        await server.WaitForLogAsync("account=ann@example.org");
    }

    [Theory]
    [InlineData("ann@example.org", true)]
    [InlineData("bob@example.org", false)]
    public async Task Gsasl_and_msmtp_with_a_certificate_are_let_in_as_whom_it_names(string identity, bool succeeds)
    {
        var (port, certificate) = (server.PortOf("starttls"), server.Authority.Sign(new ClientCertificateWish()));
        var task = new ClientTask(port, "EXTERNAL", identity, "unused", TestMessages.Create("plain text", TestMessages.NewSubject())) { From = "ann@example.org", To = "local@local.test" };

        foreach (var session in new[] { await GsaslClient.LogInAsync(port, certificate, identity), await MsmtpClient.SendAsync(task, certificate) })
        {
            Assert.True(session.Succeeded == succeeds, session.Transcript);
            Assert.Contains(succeeds ? "235 2.7.0" : "535 5.7.8", session.Transcript, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("bob@example.org", "ann@example.org")]
    [InlineData("", "eve@example.org")]
    [InlineData("", "bob@example.org")]
    public async Task Certificate_lets_in_whom_it_names_and_who_has_an_account(string user, string address)
    {
        var result = await CurlAsync("starttls", user, server.Authority.Sign(new ClientCertificateWish { Addresses = [address] }), TestMessages.NewSubject());

        Assert.NotEqual(0, result.Status);
        Assert.Contains("535 5.7.8", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task First_address_that_is_an_account_is_the_account_unless_another_is_asked_for()
    {
        var certificate = server.Authority.Sign(new ClientCertificateWish { Addresses = ["eve@example.org", "ann@example.org", "bob@example.org"] });

        Assert.Contains("235 2.7.0", (await CurlAsync("starttls", "", certificate, TestMessages.NewSubject())).Error, StringComparison.Ordinal);
        Assert.Contains("235 2.7.0", (await CurlAsync("starttls", "ann@example.org", certificate, TestMessages.NewSubject())).Error, StringComparison.Ordinal);
        Assert.Contains("535 5.7.8", (await CurlAsync("starttls", "eve@example.org", certificate, TestMessages.NewSubject())).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closed_account_hides_no_open_one_of_the_same_certificate()
    {
        var certificate = server.Authority.Sign(new ClientCertificateWish { Addresses = ["bob@example.org", "ann@example.org"] });

        Assert.Contains("235 2.7.0", (await CurlAsync("starttls", "", certificate, TestMessages.NewSubject())).Error, StringComparison.Ordinal);
        Assert.Contains("535 5.7.8", (await CurlAsync("starttls", "bob@example.org", certificate, TestMessages.NewSubject())).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another", "none of client-authorities signed it")]
    [InlineData("self-signed", "none of client-authorities signed it")]
    [InlineData("expired", "it has expired or is not valid yet")]
    [InlineData("for servers", "it is not for clients")]
    public async Task Certificate_that_does_not_count_is_none_where_one_may_be_shown_and_ends_the_handshake_where_one_must(string kind, string cause)
    {
        using var directory = new TempDirectory("client");
        var certificate = kind switch
        {
            "another" => server.OtherAuthority.Sign(new ClientCertificateWish()),
            "self-signed" => TestCertificate.Create(directory, "client.test"),
            "expired" => server.Authority.Sign(new ClientCertificateWish { Expired = true }),
            _ => server.Authority.Sign(new ClientCertificateWish { ForServers = true }),
        };

        var (optional, required) = (await OfferAsync("starttls", certificate), await OfferAsync("implicit", certificate));

        Assert.Contains("AUTH ", optional, StringComparison.Ordinal);
        Assert.DoesNotContain("EXTERNAL", optional, StringComparison.Ordinal);
        Assert.Null(required);
        await server.WaitForLogAsync($"{Refused}'s certificate is not taken: {cause} (");
        Assert.Contains($": the client's certificate is not taken: {cause} (", server.Log.Replace(Refused, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_without_a_certificate_gets_no_further_where_one_must_be_shown()
    {
        Assert.Null(await OfferAsync("implicit", null));
        await server.WaitForLogAsync($"{Refused} showed no certificate");
    }

    [Fact]
    public async Task Certificate_without_a_mail_address_is_taken_and_lets_nobody_in()
    {
        var offer = await OfferAsync("implicit", server.Authority.Sign(new ClientCertificateWish { Addresses = [] }));

        Assert.Contains("AUTH ", offer, StringComparison.Ordinal);
        Assert.DoesNotContain("EXTERNAL", offer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_a_peer_speaks_for_has_not_shown_the_peers_certificate()
    {
        var offer = await OfferAsync("starttls", server.Authority.Sign(new ClientCertificateWish()), "XCLIENT ADDR=192.0.2.1");
        var own = await OfferAsync("starttls", server.Authority.Sign(new ClientCertificateWish()));

        Assert.Contains("AUTH ", offer, StringComparison.Ordinal);
        Assert.DoesNotContain("EXTERNAL", offer, StringComparison.Ordinal);
        Assert.Contains("EXTERNAL", own, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_is_asked_for_by_name_of_the_authority_alone()
    {
        var named = new List<string>();
        using var tcp = new TcpClient("127.0.0.1", server.PortOf("implicit"));
        await using var tls = new SslStream(tcp.GetStream(), false, (_, _, _, _) => true, (_, _, _, _, issuers) =>
        {
            named.AddRange(issuers);
            return null!;
        });
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "submission.test", AllowTlsResume = false }, TestContext.Current.CancellationToken);

        Assert.Equal(["CN=authority"], named.Distinct());
    }

    // An authority that is no longer trusted is taken out of the file, and that is all that has to be done.
    [Fact]
    public async Task Authorities_that_were_changed_count_at_once()
    {
        await using var own = new VouchedServer();
        await own.InitializeAsync();
        var (former, later) = (own.Authority.Sign(new ClientCertificateWish()), own.OtherAuthority.Sign(new ClientCertificateWish()));
        Assert.Contains("EXTERNAL", await OfferAsync("implicit", former, of: own), StringComparison.Ordinal);
        Assert.Null(await OfferAsync("implicit", later, of: own));

        File.Copy(own.OtherAuthority.File, own.Authority.File, overwrite: true);
        await own.WaitForLogAsync("certificate reloaded from ");

        Assert.Null(await OfferAsync("implicit", former, of: own));
        Assert.Contains("EXTERNAL", await OfferAsync("implicit", later, of: own), StringComparison.Ordinal);
    }

    // What EHLO under TLS answers; null where the handshake fails, which a client of TLS 1.3 hears of only with its first read.
    private async Task<string?> OfferAsync(string listener, TestCertificate? certificate, string? ahead = null, VouchedServer? of = null)
    {
        using var tcp = new TcpClient("127.0.0.1", (of ?? server).PortOf(listener)) { ReceiveTimeout = 60_000 };
        Stream stream = tcp.GetStream();
        if (listener == "starttls")
        {
            await SayAsync(stream, null);
            await SayAsync(stream, "EHLO client.test");
            await SayAsync(stream, "STARTTLS");
        }

        using var shown = certificate is null ? null : X509Certificate2.CreateFromPemFile(certificate.CertificateFile, certificate.KeyFile);
        await using var tls = new SslStream(stream, false, (_, _, _, _) => true, (_, _, _, _, _) => shown!);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "submission.test", AllowTlsResume = false });
            if (listener == "implicit" && (await SayAsync(tls, null)).Length == 0)
                return null;
            if (ahead is not null)
                Assert.StartsWith("220 ", await SayAsync(tls, ahead), StringComparison.Ordinal);
            return await SayAsync(tls, "EHLO client.test");
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            return null;
        }
    }

    private static async Task<string> SayAsync(Stream stream, string? line)
    {
        if (line is not null)
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
        var reply = new StringBuilder();
        var octets = new byte[4096];
        do
        {
            var count = await stream.ReadAsync(octets);
            if (count == 0)
                break;
            reply.Append(Encoding.ASCII.GetString(octets, 0, count));
        }
        while (!IsWhole(reply.ToString()));

        return reply.ToString();
    }

    private static bool IsWhole(string reply) => reply.EndsWith("\r\n", StringComparison.Ordinal) && reply.Split("\r\n")[^2] is [_, _, _, ' ', ..];

    private async Task<CommandResult> CurlAsync(string listener, string user, TestCertificate certificate, string subject)
    {
        using var directory = new TempDirectory("curl");
        await File.WriteAllBytesAsync(directory["message"], TestMessages.Create("plain text", subject));
        return await Command.RunAsync(Command.Find("curl"),
        [
            "--verbose", "--silent", "--show-error", "--max-time", "60", "--insecure", "--ssl-reqd",
            "--url", $"{(listener == "implicit" ? "smtps" : "smtp")}://127.0.0.1:{server.PortOf(listener)}/client.test",
            "--user", $"{user}:", "--login-options", "AUTH=EXTERNAL", "--cert", certificate.CertificateFile, "--key", certificate.KeyFile,
            "--mail-from", "ann@example.org", "--mail-rcpt", "local@local.test", "--upload-file", directory["message"],
        ]);
    }
}
