using System.Net;
using Microsoft.Extensions.Time.Testing;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Trust.Tests.Accounts;

public sealed class CachingAccountSourceTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly Source _source = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Success_is_remembered_for_its_life_and_no_longer()
    {
        await using var cached = new CachingAccountSource(_source, Life, _time);
        Assert.Equal(LoginOutcome.Verified, await OutcomeAsync(cached, "secret"));

        // The password is changed: the old one is taken for as long as it is remembered, the new one at once.
        _source.Password = "changed";
        _time.Advance(Life - TimeSpan.FromTicks(1));
        Assert.Equal(LoginOutcome.Verified, await OutcomeAsync(cached, "secret"));
        Assert.Equal(LoginOutcome.Verified, await OutcomeAsync(cached, "changed"));
        Assert.Equal(2, _source.Asked);

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(LoginOutcome.Refused, await OutcomeAsync(cached, "secret"));
    }

    [Theory]
    [InlineData(LoginOutcome.Refused)]
    [InlineData(LoginOutcome.Unavailable)]
    [InlineData(LoginOutcome.Disabled)]
    [InlineData(LoginOutcome.MustChangePassword)]
    public async Task Anything_but_a_success_is_asked_again(LoginOutcome outcome)
    {
        await using var cached = new CachingAccountSource(_source, Life, _time);
        _source.Otherwise = outcome;

        Assert.Equal(outcome, await OutcomeAsync(cached, "wrong"));
        Assert.Equal(outcome, await OutcomeAsync(cached, "wrong"));

        Assert.Equal(2, _source.Asked);
    }

    [Fact]
    public async Task Success_of_one_name_password_or_client_is_none_of_another()
    {
        await using var cached = new CachingAccountSource(_source, Life, _time);
        await OutcomeAsync(cached, "secret");

        await cached.VerifyPasswordAsync("an", "nsecret", Cancel);
        await cached.VerifyPasswordAsync("ann", "secret", new LoginClient(IPAddress.Loopback, false), Cancel);
        await cached.VerifyPasswordAsync("ann", "secret", new LoginClient(IPAddress.Loopback, true), Cancel);
        await cached.HasRecipientAsync("ann", "secret", Cancel);

        Assert.Equal(5, _source.Asked);
    }

    [Fact]
    public async Task Recipient_that_is_there_is_remembered_and_one_that_is_not_is_asked_for_again()
    {
        await using var cached = new CachingAccountSource(_source, Life, _time);

        Assert.True(await cached.HasRecipientAsync("ann", "example.org", Cancel));
        Assert.True(await cached.HasRecipientAsync("ann", "example.org", Cancel));
        Assert.Equal(1, _source.Asked);

        Assert.False(await cached.HasRecipientAsync("bob", "example.org", Cancel));
        Assert.False(await cached.HasRecipientAsync("bob", "example.org", Cancel));
        Assert.Equal(3, _source.Asked);
    }

    [Fact]
    public async Task Life_of_nothing_remembers_nothing()
    {
        await using var cached = new CachingAccountSource(_source, TimeSpan.Zero, _time);

        await OutcomeAsync(cached, "secret");
        await OutcomeAsync(cached, "secret");

        Assert.Equal(2, _source.Asked);
    }

    [Fact]
    public async Task What_is_remembered_is_bounded()
    {
        await using var cached = new CachingAccountSource(_source, Life, _time);

        for (var i = 0; i < 25_000; i++)
            await cached.VerifyPasswordAsync($"ann{i}", "secret", Cancel);

        Assert.InRange(cached.Count, 1, 10_000);
    }

    private static async Task<LoginOutcome> OutcomeAsync(CachingAccountSource source, string password) => (await source.VerifyPasswordAsync("ann", password, Cancel)).Outcome;

    private sealed class Source : IAccountSource
    {
        public IReadOnlySet<string> Mechanisms { get; } = new HashSet<string> { "PLAIN" };

        public string Password { get; set; } = "secret";

        public LoginOutcome Otherwise { get; set; } = LoginOutcome.Refused;

        public int Asked { get; private set; }

        public ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default)
        {
            Asked++;
            return ValueTask.FromResult(password == Password ? new LoginAnswer(LoginOutcome.Verified, name) : new LoginAnswer(Otherwise));
        }

        public ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default)
        {
            Asked++;
            return ValueTask.FromResult(localPart == "ann");
        }
    }
}
