using Microsoft.Extensions.Time.Testing;

namespace Pillarbox.Server.Tests.Guessing;

/// <summary>
/// Thousands of guesses, as fast as they are answered: how many secrets are looked at, and who gets in beside them. The same with a
/// million and with clocks is <c>bench/Pillarbox.GuessBench</c>.
/// </summary>
public sealed class FloodTests
{
    private const int Guesses = 4000;
    private const int Workers = 16;
    private const int Networks = 40;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private int _next = -1;

    // What many try at the same moment is judged one by one, but for what a network has under way at once.
    [Theory]
    [InlineData(1, true, 5)]
    [InlineData(Networks, true, 50)]
    [InlineData(Networks, false, 5 * Networks)]
    public async Task Flood_ofGuesses_hasFewOfThemLookedAt_andKeepsNobodyOut(int networks, bool oneName, int lookedAt)
    {
        await using var server = await TestServer.StartAsync(
            [
                ("role", "submission"), ("auth", "required"), ("insecure-auth", "true"), ("proxy-from", "127.0.0.0/8"), ("connections-per-client", "1000"),
                ("failures", "5"), ("window", "86400"), ("ban", "86400"), ("idle", "86400"),
            ],
            _time);
        Assert.StartsWith("235 ", await TryAsync(server, "198.51.100.1", "ann", server.Password), StringComparison.Ordinal);
        var answers = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => GuessAsync(server, networks, oneName)));
        var guessed = server.Checks - 1;

        // Whoever is known, and whoever is not and has not guessed.
        Assert.StartsWith("235 ", await TryAsync(server, "198.51.100.1", "ann", server.Password), StringComparison.Ordinal);
        Assert.StartsWith("235 ", await TryAsync(server, "198.51.100.2", "bob", server.Password), StringComparison.Ordinal);

        Assert.Equal(Guesses, answers.Sum(each => each.Count));
        Assert.All(answers.SelectMany(each => each), answer => Assert.Contains(answer[..9], new[] { "535 5.7.8", "421 4.7.0", "454 4.7.0" }));
        Assert.InRange(guessed, lookedAt, lookedAt + Workers);
    }

    private async Task<List<string>> GuessAsync(TestServer server, int networks, bool oneName)
    {
        var answers = new List<string>();
        while (Interlocked.Increment(ref _next) is var guess && guess < Guesses)
            answers.Add(await TryAsync(server, $"2001:db8:0:{guess % networks:x}::1", oneName ? "ann" : $"user{guess}", $"guess {guess}"));
        return answers;
    }

    private async Task<string> TryAsync(TestServer server, string address, string name, string password)
    {
        await using var client = await TestClient.ConnectAsync(server.Address, greeted: false);
        await client.SendAsync(address.Contains(':', StringComparison.Ordinal) ? $"PROXY TCP6 {address} ::1 40000 25\r\n" : $"PROXY TCP4 {address} 127.0.0.1 40000 25\r\n");
        if (await client.ReplyAsync() is not ['2', ..] and var refusal)
            return refusal ?? "";
        await client.SayAsync("EHLO client.example");
        await client.SendAsync($"AUTH PLAIN {server.Plain(name, password)}\r\n");
        var reply = client.ReplyAsync();
        while (!reply.IsCompleted)
        {
            await Task.WhenAny(reply, Task.Delay(10, TestContext.Current.CancellationToken));
            lock (_time)
                _time.GoOn(TimeSpan.FromMilliseconds(250));
        }

        return await reply ?? "";
    }
}
