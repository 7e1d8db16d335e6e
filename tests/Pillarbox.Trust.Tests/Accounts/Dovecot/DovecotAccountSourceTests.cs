using System.Net;
using Pillarbox.Peers;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Accounts.Dovecot;

namespace Pillarbox.Trust.Tests.Accounts.Dovecot;

/// <summary>Against a Dovecot of its own.</summary>
public sealed class DovecotAccountSourceTests(DovecotAccountSourceTests.Logins logins) : IClassFixture<DovecotAccountSourceTests.Logins>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Reports _reports = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ann", LoginOutcome.Verified)]
    [InlineData("ANN", LoginOutcome.Verified)]
    [InlineData("bob", LoginOutcome.Verified)]
    [InlineData("closed", LoginOutcome.Disabled)]
    [InlineData("gone", LoginOutcome.Disabled)]
    [InlineData("stale", LoginOutcome.MustChangePassword)]
    [InlineData("nobody", LoginOutcome.Refused)]
    [InlineData("", LoginOutcome.Refused)]
    [InlineData("ann\0", LoginOutcome.Refused)]
    [InlineData("ann\tresp=AGFubgB4", LoginOutcome.Refused)]
    [InlineData("ann\nAUTH\t1\tPLAIN", LoginOutcome.Refused)]
    public async Task Right_password_comes_to_what_Dovecot_says(string name, LoginOutcome outcome)
    {
        await using var source = Open();

        Assert.Equal(outcome, (await source.VerifyPasswordAsync(name, logins.Password, Cancel)).Outcome);
        Assert.Empty(_reports.Lines);
    }

    [Theory]
    [InlineData("ann")]
    [InlineData("nobody")]
    public async Task Wrong_password_and_unknown_name_get_the_same_answer(string name)
    {
        await using var source = Open();

        Assert.Equal(new LoginAnswer(LoginOutcome.Refused), await source.VerifyPasswordAsync(name, "wrong", Cancel));
        Assert.Equal(new LoginAnswer(LoginOutcome.Refused), await source.VerifyPasswordAsync(name, "", Cancel));
        Assert.Equal(new LoginAnswer(LoginOutcome.Refused), await source.VerifyPasswordAsync(name, new string('x', 9000), Cancel));
    }

    [Fact]
    public async Task Name_is_that_of_Dovecot_and_senders_are_those_of_its_extra_field()
    {
        await using var source = Open();

        var answer = await source.VerifyPasswordAsync("Ann", logins.Password, Cancel);

        Assert.Equal("ann", answer.Account);
        Assert.Equal(["ann@example.org", "@example.net"], answer.Senders?.Patterns);
        Assert.Null((await source.VerifyPasswordAsync("bob", logins.Password, Cancel)).Senders);
    }

    [Fact]
    public async Task Client_that_Dovecot_lets_in_from_one_network_alone_is_known_by_its_address()
    {
        await using var source = Open();

        Assert.Equal(LoginOutcome.Verified, (await source.VerifyPasswordAsync("near", logins.Password, new LoginClient(IPAddress.Loopback, true), Cancel)).Outcome);
        Assert.Equal(
            LoginOutcome.Refused, (await source.VerifyPasswordAsync("near", logins.Password, new LoginClient(IPAddress.Parse("192.0.2.1"), true), Cancel)).Outcome);
    }

    [Fact]
    public async Task Account_that_Dovecot_cannot_look_up_now_is_not_held_against_the_client()
    {
        await using var source = Open();

        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ill", logins.Password, Cancel)).Outcome);

        Assert.Contains("its own log", Assert.Single(_reports.Lines), StringComparison.Ordinal);
        Assert.Equal(LoginOutcome.Verified, (await source.VerifyPasswordAsync("ann", logins.Password, Cancel)).Outcome);
    }

    [Fact]
    public async Task Account_for_which_Dovecot_is_a_proxy_is_let_in_by_no_password()
    {
        await using var source = Open();

        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("away", logins.Password, Cancel)).Outcome);
        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("away", "whatever", Cancel)).Outcome);

        Assert.Contains("it is a proxy for this account", Assert.Single(_reports.Lines), StringComparison.Ordinal);
        Assert.Equal(LoginOutcome.Refused, (await source.VerifyPasswordAsync("gone", "wrong", Cancel)).Outcome);
    }

    [Fact]
    public async Task Many_logins_at_once_get_each_its_own_answer()
    {
        await using var source = Open();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200)
            .Select(async i => (i, await source.VerifyPasswordAsync(i % 2 == 0 ? "ann" : "bob", i % 3 == 0 ? "wrong" : logins.Password, Cancel))));

        Assert.All(answers, each => Assert.Equal(
            each.i % 3 == 0 ? (LoginOutcome.Refused, null) : (LoginOutcome.Verified, each.i % 2 == 0 ? "ann" : "bob"), (each.Item2.Outcome, each.Item2.Account)));
        Assert.Empty(_reports.Lines);
    }

    [Fact]
    public async Task Dovecot_that_stops_and_comes_back_is_missed_for_as_long()
    {
        await using var server = await DovecotLogins.StartAsync(logins.Password);
        await using var source = new DovecotAccountSource(server.Socket, TimeSpan.FromSeconds(5), _reports.Add, TimeProvider.System);
        Assert.Equal(LoginOutcome.Verified, (await source.VerifyPasswordAsync("ann", logins.Password, Cancel)).Outcome);

        await server.StopAsync();
        await Readiness.UntilAsync(
            async () => (await source.VerifyPasswordAsync("ann", logins.Password, Cancel)).Outcome == LoginOutcome.Unavailable, "Dovecot is missed");
        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", "wrong", Cancel)).Outcome);
        Assert.NotEmpty(_reports.Lines);

        await server.StartAgainAsync();
        await Readiness.UntilAsync(
            async () => (await source.VerifyPasswordAsync("ann", logins.Password, Cancel)).Outcome == LoginOutcome.Verified, "a login goes through again");
        Assert.Equal(LoginOutcome.Refused, (await source.VerifyPasswordAsync("ann", "wrong", Cancel)).Outcome);
        Assert.Contains(_reports.Lines, line => line.EndsWith("answers again", StringComparison.Ordinal));
    }

    private DovecotAccountSource Open() => new(logins.Server.Socket, Limit, _reports.Add, TimeProvider.System);

    /// <summary>The Dovecot of these tests.</summary>
    public sealed class Logins : IAsyncLifetime
    {
        /// <summary>The server.</summary>
        public DovecotLogins Server { get; private set; } = null!;

        /// <summary>The password of every account.</summary>
        public string Password { get; } = Guid.NewGuid().ToString("N");

        /// <inheritdoc/>
        public async ValueTask InitializeAsync() => Server = await DovecotLogins.StartAsync(Password);

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? default;
    }
}
