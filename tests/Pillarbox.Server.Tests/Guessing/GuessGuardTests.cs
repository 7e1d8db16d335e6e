using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Pillarbox.Server.Guessing;

namespace Pillarbox.Server.Tests.Guessing;

/// <summary>Who is kept out, for how long, and who never is.</summary>
public sealed class GuessGuardTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PolicySource _policy = new(new ServerPolicy(new LimitOptions(), []) { Guessing = new GuessingOptions { Failures = 5 } });
    private readonly GuessGuard _guard;
    private int _secrets;

    public GuessGuardTests() => _guard = new GuessGuard(_time, _policy);

    [Fact]
    public void Network_thatGuesses_isDelayedLongerEachTimeAndThenBanned()
    {
        var delays = Enumerable.Range(0, 5).Select(i => Fail("192.0.2.1", $"user{i}").Delay.TotalSeconds);

        Assert.Equal([0.5, 1, 2, 4, 8], delays);
        Assert.Equal(GuessVerdict.Banned, Judge("192.0.2.1", "ann"));
        Assert.True(_guard.TurnsAway(IPAddress.Parse("192.0.2.1")));
        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.2", "ann"));
        Assert.Equal(1, _guard.BannedNetworks);
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff:0:0:2", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void Network_ofIpv6_isA64(string guesser, string other, bool banned)
    {
        Guess(5, guesser);

        Assert.Equal(banned ? GuessVerdict.Banned : GuessVerdict.Go, Judge(other, "ann"));
    }

    [Fact]
    public void Ban_ends_andTheNextIsTwiceAsLong()
    {
        Guess(5, "192.0.2.1");
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.1", "ann"));

        Guess(5, "192.0.2.1");
        _time.Advance(TimeSpan.FromMinutes(19));
        Assert.Equal(GuessVerdict.Banned, Judge("192.0.2.1", "ann"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.1", "ann"));

        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(TimeSpan.FromMinutes(10), Guess(5, "192.0.2.1").NetworkBan);
    }

    [Fact]
    public void Failures_areForgottenWithTime()
    {
        Guess(4, "192.0.2.1");
        _time.Advance(TimeSpan.FromMinutes(10));
        Guess(4, "192.0.2.1");

        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.1", "ann"));
    }

    [Fact]
    public void Account_underAttackFromEverywhere_isOpenToWhoLoggedInBefore_andToNobodyElse()
    {
        Succeed("198.51.100.1", "ann");
        var ban = TimeSpan.Zero;
        for (var i = 0; i < 50; i++)
            ban = Fail($"203.0.113.{i}", "Ann").AccountBan;

        Assert.Equal(TimeSpan.FromMinutes(10), ban);
        Assert.Equal(GuessVerdict.HeldOff, Judge("192.0.2.9", "ann"));
        Assert.Equal(GuessVerdict.Go, Judge("198.51.100.1", "ANN"));
        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.9", "bob"));
        Assert.Equal(1, _guard.HeldOffAccounts);

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.9", "ann"));
    }

    // One host with a /48 holds an account off, and goes on; its user is elsewhere.
    [Fact]
    public void Account_thatIsHeldOff_leavesStrangersElsewhereATry()
    {
        for (var i = 0; i < 52; i++)
            Fail($"2001:db8:0:{i / 4:x}::1", "ann");
        Assert.Equal(GuessVerdict.HeldOff, Judge("198.51.100.9", "ann"));
        var taken = Enumerable.Range(0x100, 200).Count(i => TakeTry($"2001:db8:0:{i:x}::1", "ann"));

        Assert.Equal(1, taken);
        Assert.False(TakeTry("2001:db8:0:1::1", "ann"));
        Assert.True(TakeTry("198.51.100.9", "ann"));
        Assert.Equal(TimeSpan.FromSeconds(8), Fail("198.51.100.9", "ann").Delay);
    }

    [Fact]
    public void Try_ofAStranger_isOneADay_andOneAMinuteFromNetworksThatBelongTogether()
    {
        Assert.True(TakeTry("198.51.100.9", "ann"));
        Assert.False(TakeTry("198.51.7.1", "ann"));
        Assert.True(TakeTry("198.51.7.1", "bob"));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(TakeTry("198.51.100.9", "ann"));
        Assert.True(TakeTry("198.51.7.1", "ann"));

        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(TakeTry("198.51.100.9", "ann"));
    }

    [Fact]
    public void Tries_ofStrangers_areTenAMinuteInAll()
    {
        Assert.Equal(10, Enumerable.Range(0, 100).Count(i => TakeTry($"198.{i}.0.1", "ann")));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(1, Enumerable.Range(100, 100).Count(i => TakeTry($"198.{i}.0.1", "ann")));
    }

    [Fact]
    public void Try_whoseSecretWasNotLookedAt_isGivenBack()
    {
        Assert.True(TakeTry("198.51.100.9", "ann"));
        _guard.GiveTryBack(_guard.Identify(IPAddress.Parse("198.51.100.9"), "ann"));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(TakeTry("198.51.100.9", "ann"));
    }

    // Nothing here knows which names there are: it is one rule for all of them.
    [Fact]
    public void Name_thatIsNot_isHeldOffAsOthersAre()
    {
        for (var i = 0; i < 50; i++)
            Fail($"203.0.113.{i}", "nobody");

        Assert.Equal(GuessVerdict.HeldOff, Judge("192.0.2.9", "nobody"));
    }

    [Fact]
    public void Network_thatIsBanned_letsThoseInWhoAreKnownThere()
    {
        Succeed("192.0.2.1", "ann");
        Guess(5, "192.0.2.1");

        Assert.False(_guard.TurnsAway(IPAddress.Parse("192.0.2.1")));
        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.1", "ann"));
        Assert.Equal(GuessVerdict.Banned, Judge("192.0.2.1", "bob"));
    }

    [Fact]
    public void Acquaintance_whoseSecretIsGuessedAtBesideIt_isBannedThere_andNowhereElse()
    {
        Succeed("192.0.2.1", "ann");
        Succeed("198.51.100.1", "ann");
        for (var i = 0; i < 5; i++)
            Fail("192.0.2.1", "ann");

        Assert.Equal(GuessVerdict.Banned, Judge("192.0.2.1", "ann"));
        Assert.Equal(GuessVerdict.Go, Judge("198.51.100.1", "ann"));
    }

    [Fact]
    public void Acquaintance_isForgotten_afterAMonth()
    {
        Succeed("192.0.2.1", "ann");
        _time.Advance(TimeSpan.FromDays(31));
        Guess(5, "192.0.2.1");

        Assert.Equal(GuessVerdict.Banned, Judge("192.0.2.1", "ann"));
    }

    [Fact]
    public void Success_forgivesWhatWasMistypedThere_andNotWhatWasGuessedElsewhere()
    {
        Guess(3, "192.0.2.1");
        Fail("192.0.2.1", "mallory");
        Succeed("192.0.2.1", "mallory");
        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.1", "bob"));

        Guess(2, "192.0.2.1");
        Assert.Equal(GuessVerdict.Banned, Judge("192.0.2.1", "bob"));
    }

    [Fact]
    public void Secret_thatIsWrongAgainAndAgain_countsLittle()
    {
        for (var i = 0; i < 100; i++)
            Fail("192.0.2.1", "ann", "last year's");

        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.1", "ann"));
    }

    [Fact]
    public void Secret_thatIsWrongWithoutEnd_isBannedInTheEnd()
    {
        for (var i = 0; i < 200; i++)
            Fail("192.0.2.1", "ann", "last year's");

        Assert.Equal(GuessVerdict.Banned, Judge("192.0.2.1", "ann"));
    }

    // A proof that is wrong is noise: it does not tell whether the secret behind it is the same again.
    [Theory]
    [InlineData(true, 20)]
    [InlineData(false, 5)]
    public void Proof_thatIsWrong_countsAQuarterWhereTheAccountIsKnown(bool isKnown, int banned)
    {
        if (isKnown)
            Succeed("192.0.2.1", "ann");
        for (var i = 0; i < banned - 1; i++)
            Fail("192.0.2.1", "ann", "");
        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.1", "ann"));

        Fail("192.0.2.1", "ann", "");
        Assert.Equal(GuessVerdict.Banned, Judge("192.0.2.1", "ann"));
    }

    [Fact]
    public void Secret_thatIsWrongForMany_countsForEach()
    {
        for (var i = 0; i < 5; i++)
            Fail("192.0.2.1", $"user{i}", "123456");

        Assert.Equal(GuessVerdict.Banned, Judge("192.0.2.1", "ann"));
    }

    [Fact]
    public void Networks_ofNever_areNotBanned_andTakeEffectAtOnce()
    {
        Guess(5, "192.0.2.1");
        _policy.Replace(_policy.Current with { Guessing = new GuessingOptions { Failures = 5, Never = [IPNetwork.Parse("192.0.2.0/24")] } });

        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.1", "ann"));
        Guess(50, "192.0.2.1");
        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.1", "ann"));
        Assert.False(_guard.TurnsAway(IPAddress.Parse("192.0.2.1")));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(0, false)]
    public void Networks_ofNever_areKnown_unlessAllAreExempt(int failures, bool isKnown)
    {
        _policy.Replace(_policy.Current with { Guessing = new GuessingOptions { Failures = failures, Never = [IPNetwork.Parse("192.0.2.0/24")] } });

        Assert.Equal(isKnown, _guard.IsKnown(_guard.Identify(IPAddress.Parse("192.0.2.1"), "ann")));
    }

    [Fact]
    public void Failures_ofNobodyKnown_areNotOneClients()
    {
        for (var i = 0; i < 50; i++)
            _guard.Fail(_guard.Identify(IPAddress.None, "ann"), default);

        Assert.Equal(GuessVerdict.Go, _guard.Judge(_guard.Identify(IPAddress.None, "ann")));
        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.1", "ann"));
    }

    [Fact]
    public void Tokens_withoutAName_haveNoAccountInCommon()
    {
        Succeed("198.51.100.1", "");
        for (var i = 0; i < 50; i++)
            Fail($"203.0.113.{i}", "");
        Guess(5, "198.51.100.1");

        Assert.Equal(GuessVerdict.Go, Judge("192.0.2.9", ""));
        Assert.Equal(GuessVerdict.Banned, Judge("198.51.100.1", ""));
    }

    // A /32 of IPv6 has as many networks as one could want.
    [Fact]
    public void Flood_ofNetworks_washesNoBanOut_andNoAcquaintance()
    {
        Succeed("198.51.100.1", "ann");
        Guess(5, "192.0.2.1");
        for (var i = 0; i < 50; i++)
            Fail($"203.0.113.{i}", "ann");

        for (var i = 0; i < 300_000; i++)
            _guard.Fail(_guard.Identify(new IPAddress([0x20, 1, 0xd, 0xb8, 0, (byte)(i >> 16), (byte)(i >> 8), (byte)i, 0, 0, 0, 0, 0, 0, 0, 1]), $"name{i}"), default);

        Assert.Equal(GuessVerdict.Banned, Judge("192.0.2.1", "bob"));
        Assert.Equal(GuessVerdict.HeldOff, Judge("192.0.2.9", "ann"));
        Assert.Equal(GuessVerdict.Go, Judge("198.51.100.1", "ann"));
    }

    [Fact]
    public void Acquaintances_ofOneAccount_pushNobodyElsesOut()
    {
        Succeed("198.51.100.1", "ann");
        for (var i = 0; i < 100_000; i++)
            _guard.Succeed(_guard.Identify(new IPAddress([0x20, 1, 0xd, 0xb8, 0, (byte)(i >> 16), (byte)(i >> 8), (byte)i, 0, 0, 0, 0, 0, 0, 0, 1]), "mallory"));

        Assert.True(_guard.IsKnown(_guard.Identify(IPAddress.Parse("198.51.100.1"), "ann")));
        Assert.False(_guard.IsKnown(_guard.Identify(IPAddress.Parse("2001:db8::1"), "mallory")));
        Assert.True(_guard.IsKnown(_guard.Identify(IPAddress.Parse("2001:db8:1:869f::1"), "mallory")));
    }

    private GuessFailure Guess(int times, string client)
    {
        GuessFailure last = default;
        for (var i = 0; i < times; i++)
            last = Fail(client, $"user{_secrets}");
        return last;
    }

    private GuessFailure Fail(string client, string name, string? secret = null) =>
        _guard.Fail(_guard.Identify(IPAddress.Parse(client), name), Encoding.UTF8.GetBytes(secret ?? $"secret {_secrets++}"));

    private bool TakeTry(string client, string name) => _guard.TakeTry(IPAddress.Parse(client), _guard.Identify(IPAddress.Parse(client), name));

    private void Succeed(string client, string name) => _guard.Succeed(_guard.Identify(IPAddress.Parse(client), name));

    private GuessVerdict Judge(string client, string name) => _guard.Judge(_guard.Identify(IPAddress.Parse(client), name));
}
