using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Pillarbox.Peers;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Accounts.Ldap;
using LdapPeer = Pillarbox.Peers.LdapServer;
using LdapServer = Pillarbox.Trust.Accounts.Ldap.LdapServer;

namespace Pillarbox.Trust.Tests.Accounts.Ldap;

/// <summary>Against an OpenLDAP of its own.</summary>
public sealed class LdapAccountSourceTests(LdapAccountSourceTests.People people) : IClassFixture<LdapAccountSourceTests.People>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Reports _reports = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, LoginOutcome> Names => new()
    {
        { "ann", LoginOutcome.Verified },
        { "ANN", LoginOutcome.Verified },
        { "o'brien, (the * one)", LoginOutcome.Verified },
        { "reset", LoginOutcome.MustChangePassword },
        { "expired", LoginOutcome.MustChangePassword },
        { "locked", LoginOutcome.Refused },
        { "empty", LoginOutcome.Refused },
        { "nobody", LoginOutcome.Refused },
        { "", LoginOutcome.Refused },
        { "*", LoginOutcome.Refused },
        { "an*", LoginOutcome.Refused },
        { "ann)(uid=*", LoginOutcome.Refused },
        { "ann,ou=people,dc=example,dc=org", LoginOutcome.Refused },
        { "ann+cn=ann", LoginOutcome.Refused },
        { " ann", LoginOutcome.Refused },
        { "ann ", LoginOutcome.Refused },
        { "ann\0", LoginOutcome.Refused },
        { "#04036162", LoginOutcome.Refused },
        { "\\61nn", LoginOutcome.Refused },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Right_password_comes_to_what_the_directory_says_of_a_DN(string name, LoginOutcome outcome)
    {
        var source = Open(ByTemplate());

        Assert.Equal(outcome, (await source.VerifyPasswordAsync(name, people.Password, Cancel)).Outcome);
        Assert.Empty(_reports.Lines);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Right_password_comes_to_what_the_directory_says_of_an_entry_that_was_found(string name, LoginOutcome outcome)
    {
        var source = Open(BySearch());

        Assert.Equal(outcome, (await source.VerifyPasswordAsync(name, people.Password, Cancel)).Outcome);
        Assert.Empty(_reports.Lines);
    }

    [Theory]
    [InlineData("ann", "wrong")]
    [InlineData("ann", "")]
    [InlineData("ann", "\0")]
    [InlineData("empty", "")]
    [InlineData("nobody", "wrong")]
    [InlineData("reset", "wrong")]
    [InlineData("expired", "wrong")]
    public async Task Wrong_or_empty_password_and_unknown_name_get_the_same_answer(string name, string password)
    {
        Assert.Equal(new LoginAnswer(LoginOutcome.Refused), await Open(ByTemplate()).VerifyPasswordAsync(name, password, Cancel));
        Assert.Equal(new LoginAnswer(LoginOutcome.Refused), await Open(BySearch()).VerifyPasswordAsync(name, password, Cancel));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Senders_are_the_values_of_the_attribute_and_without_any_there_are_none(bool isSearched)
    {
        var options = isSearched ? BySearch() : ByTemplate();
        var source = Open(options with { Senders = "mail" });

        var ann = await source.VerifyPasswordAsync("Ann", people.Password, Cancel);

        Assert.Equal("ann", ann.Account);
        Assert.Equal(["@example.net", "ann@example.org"], ann.Senders?.Patterns.Order(StringComparer.Ordinal));
        Assert.Empty((await source.VerifyPasswordAsync("bob", people.Password, Cancel)).Senders!.Patterns);
        Assert.Null((await Open(options).VerifyPasswordAsync("bob", people.Password, Cancel)).Senders);
    }

    [Theory]
    [InlineData("ann", "example.org", true)]
    [InlineData("ann", "example.net", false)]
    [InlineData("*", "example.org", false)]
    [InlineData("x)(mail=*", "example.org", false)]
    public async Task Recipient_is_an_entry_with_its_address(string local, string domain, bool has)
    {
        Assert.Equal(has, await Open(BySearch()).HasRecipientAsync(local, domain, Cancel));
    }

    [Fact]
    public async Task Recipient_can_be_found_by_a_filter_of_its_own()
    {
        var source = Open(BySearch() with { RecipientFilter = "(&(|(uid={local})(uid={local}@{domain}))(!(uid=bob))(objectClass=*)(cn:caseExactMatch:={local}))" });

        Assert.True(await source.HasRecipientAsync("ann", "example.org", Cancel));
        Assert.False(await source.HasRecipientAsync("Ann", "example.org", Cancel));
        Assert.False(await source.HasRecipientAsync("bob", "example.org", Cancel));

        // What stands for something is that in the filter alone.
        var byName = Open(BySearch() with { RecipientFilter = "(|(uid={local})(cn={address}))" });
        Assert.True(await byName.HasRecipientAsync("ann", "ann", Cancel));
        Assert.False(await byName.HasRecipientAsync("{domain}", "ann", Cancel));

        // There are two of that name, and one is enough.
        Assert.True(await source.HasRecipientAsync("twin", "example.org", Cancel));
    }

    [Fact]
    public async Task Tls_from_the_start_and_by_StartTLS_lead_to_the_same()
    {
        var authorities = Authorities(people.Server.Certificate);
        var implicitTls = ByTemplate() with { Server = new LdapServer("127.0.0.1", people.Server.TlsPort, true), Authorities = authorities };
        var startTls = ByTemplate() with { StartTls = true, Authorities = authorities };

        Assert.Equal(LoginOutcome.Verified, (await Open(implicitTls).VerifyPasswordAsync("ann", people.Password, Cancel)).Outcome);
        Assert.Equal(LoginOutcome.Verified, (await Open(startTls).VerifyPasswordAsync("ann", people.Password, Cancel)).Outcome);
        Assert.Empty(_reports.Lines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Directory_that_nobody_certifies_is_told_no_password(bool isStartTls)
    {
        using var directory = new TempDirectory("authority");
        var options = ByTemplate() with { Authorities = Authorities(TestCertificate.Create(directory, "localhost")) };
        options = isStartTls ? options with { StartTls = true } : options with { Server = new LdapServer("127.0.0.1", people.Server.TlsPort, true) };

        Assert.Equal(LoginOutcome.Unavailable, (await Open(options).VerifyPasswordAsync("ann", people.Password, Cancel)).Outcome);
        Assert.Contains("certificate", Assert.Single(_reports.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_do_not_fit_the_directory_are_said_in_the_log_and_never_held_against_the_client()
    {
        using var directory = new TempDirectory("password");
        var wrong = directory.Write("wrong", "wrong\n");
        var empty = directory.Write("empty", "\n");
        foreach (var (options, name, said) in new[]
        {
            (BySearch() with { PasswordFile = wrong }, "ann", "the bind as cn=service,dc=example,dc=org gets 49"),
            (BySearch() with { PasswordFile = empty }, "ann", "is empty"),
            (BySearch() with { Base = "ou=gone,dc=example,dc=org" }, "ann", "the search below \"ou=gone,dc=example,dc=org\" gets 32"),
            (BySearch() with { BindDn = null }, "ann", "the search below"),
            (BySearch() with { Base = "dc=example,dc=org" }, "twin", "more than one entry"),
        })
        {
            var reports = new Reports();
            var source = new LdapAccountSource(options, Limit, reports.Add, TimeProvider.System);

            Assert.Equal((said, LoginOutcome.Unavailable), (said, (await source.VerifyPasswordAsync(name, people.Password, Cancel)).Outcome));
            Assert.Contains(said, Assert.Single(reports.Lines), StringComparison.Ordinal);
            Assert.DoesNotContain(people.Password, reports.Lines[0], StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<SourceException>(async () => await Open(BySearch() with { Base = "dc=gone" }).HasRecipientAsync("ann", "example.org", Cancel));
    }

    [Fact]
    public async Task Directory_that_stands_still_is_waited_for_no_longer_than_the_limit_and_serves_once_it_goes_on()
    {
        await using var server = await LdapPeer.StartAsync(people.Password);
        var source = new LdapAccountSource(
            ByTemplate() with { Server = new LdapServer("127.0.0.1", server.Port, false) }, TimeSpan.FromSeconds(2), _reports.Add, TimeProvider.System);

        server.Send(Signal.Stop);
        try
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => source.VerifyPasswordAsync("ann", people.Password, Cancel).AsTask()));
            Assert.All(answers, answer => Assert.Equal(LoginOutcome.Unavailable, answer.Outcome));
        }
        finally
        {
            server.Send(Signal.Continue);
        }

        await Readiness.UntilAsync(
            async () => (await source.VerifyPasswordAsync("ann", people.Password, Cancel)).Outcome == LoginOutcome.Verified, "a login goes through again");
        Assert.Equal(2, _reports.Lines.Count);
    }

    [Fact]
    public async Task Directory_that_stops_and_comes_back_is_missed_for_as_long()
    {
        await using var server = await LdapPeer.StartAsync(people.Password);
        var source = new LdapAccountSource(ByTemplate() with { Server = new LdapServer("127.0.0.1", server.Port, false) }, Limit, _reports.Add, TimeProvider.System);
        Assert.Equal(LoginOutcome.Verified, (await source.VerifyPasswordAsync("ann", people.Password, Cancel)).Outcome);

        await server.StopAsync();
        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", people.Password, Cancel)).Outcome);
        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", "wrong", Cancel)).Outcome);

        await server.StartAgainAsync();
        Assert.Equal(LoginOutcome.Verified, (await source.VerifyPasswordAsync("ann", people.Password, Cancel)).Outcome);
        Assert.EndsWith("answers again", _reports.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("220 this is no directory\r\n")]
    [InlineData("\u0030\u0005\u0002\u0001\u0001\u0078\u0000")]
    [InlineData("\u0030\u000c\u0002\u0001\u0007\u0061\u0007\u000a\u0001\u0000\u0004\u0000\u0004\u0000")]
    [InlineData("\u0030\u000c\u0002\u0001\u0001\u0065\u0007\u000a\u0001\u0000\u0004\u0000\u0004\u0000")]
    [InlineData("\u0030\u000c\u0002\u0001\u0001\u0061\u0007\u000a\u0001\u0033\u0004\u0000\u0004\u0000")]
    [InlineData("\u0030\u000c\u0002\u0001\u0001\u0061\u00ff\u000a\u0001\u0000\u0004\u0000\u0004\u0000")]
    [InlineData("\u0030\u000c\u0002\u0001\u0001\u0061\u0007\u000a\u0001\u0035\u0004\u0000\u0004\u0000")]
    [InlineData("\u0030\u0084\u007f\u00ff\u00ff\u00ff")]
    [InlineData("\u0030\u0080")]
    [InlineData("\u0030")]
    [InlineData("")]
    public async Task Garbage_in_place_of_an_answer_is_none(string said)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeAsync();
        var source = Open(ByTemplate() with { Server = new LdapServer("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, false) });

        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", "secret", Cancel)).Outcome);
        Assert.Single(_reports.Lines);
        await served;

        async Task ServeAsync()
        {
            using var client = await listener.AcceptTcpClientAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancel);
            await client.GetStream().ReadAtLeastAsync(new byte[10], 10, cancellationToken: Cancel);
            await client.GetStream().WriteAsync(System.Text.Encoding.Latin1.GetBytes(said), Cancel);
        }
    }

    // The control of that garbage: the same octets with the right number and the right result.
    [Fact]
    public async Task Answer_octet_by_octet_is_read()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var source = Open(ByTemplate() with { Server = new LdapServer("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, false) });
        var login = source.VerifyPasswordAsync("ann", "secret", Cancel).AsTask();
        using var client = await listener.AcceptTcpClientAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        client.NoDelay = true;
        foreach (var octet in "\u0030\u000c\u0002\u0001\u0001\u0061\u0007\u000a\u0001\u0000\u0004\u0000\u0004\u0000"u8.ToArray())
            await client.GetStream().WriteAsync(new[] { octet }, Cancel);

        Assert.Equal(LoginOutcome.Verified, (await login).Outcome);
    }

    private LdapAccountSource Open(LdapOptions options) => new(options, Limit, _reports.Add, TimeProvider.System);

    private LdapOptions ByTemplate() => new() { Server = new LdapServer("127.0.0.1", people.Server.Port, false), UserDn = "uid={name},ou=people,dc=example,dc=org" };

    private LdapOptions BySearch() => new()
    {
        Server = new LdapServer("127.0.0.1", people.Server.Port, false),
        Base = "ou=people,dc=example,dc=org",
        BindDn = people.Server.ServiceDn,
        PasswordFile = people.Server.ServicePasswordFile,
    };

    private static System.Collections.Immutable.ImmutableArray<X509Certificate2> Authorities(TestCertificate certificate) =>
        [X509CertificateLoader.LoadCertificateFromFile(certificate.CertificateFile)];

    /// <summary>The directory of these tests.</summary>
    public sealed class People : IAsyncLifetime
    {
        /// <summary>The server.</summary>
        public LdapPeer Server { get; private set; } = null!;

        /// <summary>The password of everybody.</summary>
        public string Password { get; } = Guid.NewGuid().ToString("N");

        /// <inheritdoc/>
        public async ValueTask InitializeAsync() => Server = await LdapPeer.StartAsync(Password);

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? default;
    }
}
