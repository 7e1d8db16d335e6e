using Microsoft.Extensions.Time.Testing;
using Pillarbox.Server.Guessing;

namespace Pillarbox.Server.Tests.Guessing;

/// <summary>What guessing at secrets comes to in sessions; clients come from anywhere by PROXY.</summary>
public sealed class GuessingTests
{
    private const string Banned = "421 4.7.0 Too many failed logins from your network, try again later";
    private const string HeldOff = "454 4.7.0 Too many failed logins, try again later";
    private const string Wrong = "535 5.7.8 Authentication credentials invalid";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task Network_thatGuesses_isBannedAtAuth_andItsMailGoesOn()
    {
        await using var server = await StartAsync(("role", "inbound"), ("auth", "optional"), ("domain", "example.com"));
        await GuessAsync(server, "192.0.2.1", 3);

        await using (var client = await HelloAsync(server, "192.0.2.1"))
        {
            Assert.StartsWith("250 ", await client.SayAsync("MAIL FROM:<>"), StringComparison.Ordinal);
            Assert.StartsWith("250 ", await client.SayAsync("RCPT TO:<a@example.com>"), StringComparison.Ordinal);
            Assert.StartsWith("354 ", await client.SayAsync("DATA"), StringComparison.Ordinal);
            Assert.StartsWith("250 ", await client.SayAsync("x\r\n."), StringComparison.Ordinal);
            Assert.Equal(Banned, await client.SayAsync("AUTH PLAIN"));
            Assert.Null(await client.ReplyAsync());
        }

        await using var other = await HelloAsync(server, "192.0.2.2");
        Assert.StartsWith("235 ", await other.SayAsync($"AUTH PLAIN {server.Plain("ann")}"), StringComparison.Ordinal);
        await Eventually.UntilAsync(() => server.Logged.Any(line => line.StartsWith("logins from 192.0.2.1 are banned for 600 s: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Network_thatIsBanned_isNotGreetedWhereLoginsAreAllThereIs()
    {
        await using var server = await StartAsync(("role", "submission"), ("auth", "required"));
        await GuessAsync(server, "2001:db8::1", 3);

        await using var client = await ProxiedAsync(server, "2001:db8::2");
        Assert.Equal(Banned, await client.ReplyAsync());
        Assert.Null(await client.ReplyAsync());
        Assert.Contains(server.Logged, line => line.StartsWith("logins from 2001:db8::/64 are banned for 600 s: ", StringComparison.Ordinal));

        _time.GoOn(TimeSpan.FromMinutes(10));
        await using var later = await HelloAsync(server, "2001:db8::1");
        Assert.StartsWith("235 ", await later.SayAsync($"AUTH PLAIN {server.Plain("ann")}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Network_thatIsBanned_letsInWhoIsKnownThere_andNobodyWithTheRightSecretOfAnother()
    {
        await using var server = await StartAsync(("role", "submission"), ("auth", "required"));
        await LogInAsync(server, "192.0.2.1", "ann");
        await GuessAsync(server, "192.0.2.1", 3);

        await LogInAsync(server, "192.0.2.1", "ann");
        await using var client = await HelloAsync(server, "192.0.2.1");
        Assert.Equal(Banned, await client.SayAsync($"AUTH PLAIN {server.Plain("bob")}"));
        Assert.Null(await client.ReplyAsync());
    }

    [Fact]
    public async Task Account_guessedAtFromEverywhere_isHeldOffForStrangersAlone()
    {
        await using var server = await StartAsync(("role", "submission"), ("auth", "required"));
        await LogInAsync(server, "198.51.100.1", "ann");
        await GuessFromEverywhereAsync(server, "ann");

        // One try there is, for who has not been wrong from there.
        await LogInAsync(server, "198.18.0.1", "ann");
        await using (var stranger = await HelloAsync(server, "192.0.2.9"))
        {
            await SayLateAsync(stranger, $"AUTH PLAIN {server.Plain("ann", "mistyped")}", Wrong);
            Assert.Equal(HeldOff, await stranger.SayAsync($"AUTH PLAIN {server.Plain("ann")}"));
            Assert.StartsWith("235 ", await stranger.SayAsync($"AUTH PLAIN {server.Plain("bob")}"), StringComparison.Ordinal);
        }

        await LogInAsync(server, "198.51.100.1", "ann");
        await Eventually.UntilAsync(() => server.Logged.Any(line => line.StartsWith("logins as ann from where it has not lately logged in are held off for 600 s: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Client_thatIsHeldOff_hasNoMoreTriesInASessionThanOthers()
    {
        await using var server = await StartAsync(("role", "submission"), ("auth", "required"), ("errors", "4"));
        await GuessFromEverywhereAsync(server, "ann");

        await using var client = await HelloAsync(server, "203.0.113.99");
        for (var i = 0; i < 4; i++)
            Assert.Equal(HeldOff, await client.SayAsync($"AUTH PLAIN {server.Plain("ann")}"));
        Assert.Equal("421 4.7.0 Too many errors, goodbye", await client.ReplyAsync());
    }

    // The answer is kept back; nothing but a timer waits meanwhile.
    [Fact]
    public async Task Answers_toWrongLogins_comeLaterEachTime()
    {
        await using var server = await StartAsync(("role", "submission"), ("auth", "required"));
        await using var client = await HelloAsync(server, "192.0.2.1");
        foreach (var delay in new[] { 500, 1000 })
        {
            await client.SendAsync($"AUTH PLAIN {server.Plain("ann", $"wrong {delay}")}\r\n");
            var reply = client.ReplyAsync();
            await Eventually.UntilAsync(() => server.Logged.Count(line => line.Contains("login of ann from 192.0.2.1 by PLAIN refused", StringComparison.Ordinal)) == delay / 500);
            _time.GoOn(TimeSpan.FromMilliseconds(delay - 1));
            await using (var other = await HelloAsync(server, "192.0.2.2"))
                Assert.StartsWith("250 ", await other.SayAsync("NOOP"), StringComparison.Ordinal);
            Assert.False(reply.IsCompleted);
            await Eventually.AdvanceUntilAsync(_time, reply, Wrong);
        }
    }

    [Fact]
    public async Task Account_thatIsClosed_getsTheWordsOfAWrongSecret_andCountsAsOne()
    {
        await using var server = await StartAsync(("role", "submission"), ("auth", "required"));
        await using var client = await HelloAsync(server, "192.0.2.1");
        for (var i = 0; i < 2; i++)
            await SayLateAsync(client, $"AUTH PLAIN {server.Plain("closed")}", Wrong);
        await SayLateAsync(client, $"AUTH PLAIN {server.Plain("closed", "x")}", Wrong);
        await SayLateAsync(client, $"AUTH PLAIN {server.Plain("closed", "y")}", Wrong);
        Assert.Equal(Banned, await client.SayAsync($"AUTH PLAIN {server.Plain("closed")}"));
    }

    [Fact]
    public async Task Account_thatIsClosed_isToldWhereConfigured_behindTheRightSecretAlone()
    {
        await using var server = await StartAsync(("role", "submission"), ("auth", "required"), ("tell-disabled", "true"));
        await using var client = await HelloAsync(server, "192.0.2.1");
        await SayLateAsync(client, $"AUTH PLAIN {server.Plain("closed", "wrong")}", Wrong);
        for (var i = 0; i < 5; i++)
            Assert.Equal("525 5.7.13 User account disabled", await client.SayAsync($"AUTH PLAIN {server.Plain("closed")}"));
    }

    [Fact]
    public async Task Account_whosePasswordMustChange_isToldBehindTheRightSecretAlone()
    {
        await using var server = await StartAsync(("role", "submission"), ("auth", "required"));
        await using var client = await HelloAsync(server, "192.0.2.1");
        await SayLateAsync(client, $"AUTH PLAIN {server.Plain("stale", "wrong")}", Wrong);
        for (var i = 0; i < 5; i++)
            Assert.Equal("432 4.7.12 The password must be changed first", await client.SayAsync($"AUTH PLAIN {server.Plain("stale")}"));
        Assert.Equal("530 5.7.0 Authentication required", await client.SayAsync("MAIL FROM:<>"));
    }

    [Fact]
    public async Task Source_thatIsDown_isNobodysFailure()
    {
        await using var server = await StartAsync(("role", "submission"), ("auth", "required"), ("errors", "50"));
        await using var client = await HelloAsync(server, "192.0.2.1");
        for (var i = 0; i < 20; i++)
            Assert.Equal("454 4.7.0 Temporary authentication failure", await client.SayAsync($"AUTH PLAIN {server.Plain("down")}"));
    }

    // Its proofs differ each time, since each exchange has a nonce of its own.
    [Fact]
    public async Task Device_withAnOldPassword_bansNobodyByScram_whereItsAccountIsKnown()
    {
        await using var server = await StartAsync(("role", "submission"), ("auth", "required"), ("mechanisms", "PLAIN SCRAM-SHA-256"));
        await LogInAsync(server, "192.0.2.1", "ann");
        for (var i = 0; i < 6; i++)
        {
            await using var client = await HelloAsync(server, "192.0.2.1");
            Assert.Equal(Wrong, await LateAsync(new ScramClient("SCRAM-SHA-256", "ann", "last year's").LogInAsync(client)));
        }

        await LogInAsync(server, "192.0.2.1", "bob");
    }

    // RFC 7628 §4.3: without a token it asks what it would need.
    [Fact]
    public async Task Client_thatAsksWhatTokenItNeeds_guessesAtNothing()
    {
        await using var server = await StartAsync(("role", "submission"), ("auth", "required"), ("mechanisms", "PLAIN OAUTHBEARER"), ("errors", "50"));
        await using var client = await HelloAsync(server, "192.0.2.1");
        for (var i = 0; i < 10; i++)
        {
            Assert.StartsWith("334 ", await client.SayAsync("AUTH OAUTHBEARER biwsAQE="), StringComparison.Ordinal);
            Assert.Equal(Wrong, await client.SayAsync("AQ=="));
        }

        Assert.StartsWith("235 ", await client.SayAsync($"AUTH PLAIN {server.Plain("ann")}"), StringComparison.Ordinal);
    }

    // What a machine's owner does there is no attack: the default keeps loopback out of it.
    [Fact]
    public async Task Loopback_isNeverBanned_byDefault()
    {
        await using var server = await TestServer.StartAsync([("role", "submission"), ("auth", "required"), ("insecure-auth", "true"), ("errors", "50"), ("failures", "3")], _time);
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        for (var i = 0; i < 10; i++)
            await SayLateAsync(client, $"AUTH PLAIN {server.Plain("ann", $"wrong {i}")}", Wrong);
        Assert.StartsWith("235 ", await client.SayAsync($"AUTH PLAIN {server.Plain("ann")}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_thatIsReplaced_letsABannedNetworkInAtOnce()
    {
        await using var server = await StartAsync(("role", "submission"), ("auth", "required"));
        await GuessAsync(server, "192.0.2.1", 3);
        server.Policy.Replace(server.Policy.Current with { Guessing = new GuessingOptions { Never = [System.Net.IPNetwork.Parse("192.0.2.0/24")] } });

        await LogInAsync(server, "192.0.2.1", "ann");
    }

    private Task<TestServer> StartAsync(params (string Key, string Value)[] settings) =>
        TestServer.StartAsync([("proxy-from", "127.0.0.0/8"), ("insecure-auth", "true"), ("failures", "3"), ("window", "86400"), .. settings], _time);

    private async Task GuessAsync(TestServer server, string address, int times, string? name = null)
    {
        await using var client = await HelloAsync(server, address);
        for (var i = 0; i < times; i++)
            await SayLateAsync(client, $"AUTH PLAIN {server.Plain(name ?? $"user{i}", $"wrong {i}")}", Wrong);
    }

    // One guess from each network, until it gets nowhere.
    private async Task GuessFromEverywhereAsync(TestServer server, string name)
    {
        string? last = null;
        for (var i = 0; i < 40 && last != HeldOff; i++)
        {
            await using var client = await HelloAsync(server, $"203.0.113.{i}");
            last = await LateAsync(client, $"AUTH PLAIN {server.Plain(name, $"wrong {i}")}");
            Assert.Contains(last, new[] { Wrong, HeldOff });
        }

        Assert.Equal(HeldOff, last);
    }

    private static async Task LogInAsync(TestServer server, string address, string name)
    {
        await using var client = await HelloAsync(server, address);
        Assert.StartsWith("235 ", await client.SayAsync($"AUTH PLAIN {server.Plain(name)}"), StringComparison.Ordinal);
    }

    private async Task SayLateAsync(TestClient client, string line, string expected) => Assert.Equal(expected, await LateAsync(client, line));

    // Time moves no further than it must: failures drain away with it.
    private async Task<string?> LateAsync(TestClient client, string line)
    {
        await client.SendAsync(line + "\r\n");
        return await LateAsync(client.ReplyAsync());
    }

    private async Task<string?> LateAsync(Task<string?> reply)
    {
        for (var i = 0; i < 1000 && !reply.IsCompleted; i++)
        {
            _time.GoOn(TimeSpan.FromMilliseconds(500));
            await Task.WhenAny(reply, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        return await reply;
    }

    private static async Task<TestClient> ProxiedAsync(TestServer server, string address)
    {
        var client = await TestClient.ConnectAsync(server.Address, greeted: false);
        await client.SendAsync(address.Contains(':', StringComparison.Ordinal) ? $"PROXY TCP6 {address} ::1 40000 25\r\n" : $"PROXY TCP4 {address} 127.0.0.1 40000 25\r\n");
        return client;
    }

    private static async Task<TestClient> HelloAsync(TestServer server, string address)
    {
        var client = await ProxiedAsync(server, address);
        Assert.StartsWith("220 ", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await client.SayAsync("EHLO client.example"), StringComparison.Ordinal);
        return client;
    }
}
