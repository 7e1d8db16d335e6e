using Microsoft.Extensions.Time.Testing;
using Pillarbox.Trust.Tokens;

namespace Pillarbox.Trust.Tests.Tokens;

/// <summary>When a provider is asked for its keys, and for how long what it said holds.</summary>
public sealed class ProviderKeysTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _news = [];
    private readonly ProviderKeys _keys;
    private (KeySet? Keys, string Cause) _answer = (Set("one"), "");
    private int _asked;

    public ProviderKeysTests() => _keys = new ProviderKeys(FetchAsync, _time, _news.Add);

    [Fact]
    public async Task Known_key_is_refreshed_behind_the_back_of_who_asks_once_it_is_an_hour_old()
    {
        Assert.Equal("one", await NameAsync("one"));
        _time.Advance(ProviderKeys.Fresh - TimeSpan.FromSeconds(1));
        Assert.Equal("one", await NameAsync("one"));
        Assert.Equal(1, _asked);

        _answer = (Set("two"), "");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("one", await NameAsync("one"));
        await Eventually(() => _asked == 2);

        Assert.Equal("two", await NameAsync("two"));
        Assert.Equal(ProviderKeys.MayHaveChanged, await NameAsync("one"));
        _time.Advance(ProviderKeys.BetweenFetches);
        Assert.Equal("", await NameAsync("one"));
    }

    [Fact]
    public async Task Key_that_was_changed_just_after_a_fetch_is_not_denied_before_the_next()
    {
        // Anybody's token with a name of their own.
        Assert.Equal("", await NameAsync("forged"));
        _answer = (Set("two"), "");
        _time.Advance(ProviderKeys.BetweenFetches - TimeSpan.FromSeconds(1));
        Assert.Equal(ProviderKeys.MayHaveChanged, await NameAsync("two"));
        Assert.Equal("", await NameAsync("forged"));
        Assert.Equal(1, _asked);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("two", await NameAsync("two"));
        Assert.Equal(ProviderKeys.MayHaveChanged, await NameAsync("one"));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Names_without_end_are_not_all_remembered_and_none_of_them_hides_the_keys()
    {
        Assert.Equal("one", await NameAsync("one"));
        for (var i = 0; i < 1000; i++)
            Assert.Equal(ProviderKeys.MayHaveChanged, await NameAsync($"forged {i}"));
        _time.Advance(ProviderKeys.BetweenFetches);
        Assert.Equal("", await NameAsync("forged 1"));
        Assert.Equal(ProviderKeys.MayHaveChanged, await NameAsync("forged 999"));
        Assert.Equal("one", await NameAsync("one"));
    }

    [Fact]
    public async Task Keys_hold_for_a_day_without_the_provider_and_no_longer()
    {
        Assert.Equal("one", await NameAsync("one"));
        _answer = (null, "away");
        _time.Advance(ProviderKeys.Usable - TimeSpan.FromSeconds(1));
        Assert.Equal("one", await NameAsync("one"));
        await Eventually(() => _news.Count == 1);

        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("away", await NameAsync("one"));
        Assert.Equal(["the provider's keys cannot be had: away"], _news);
    }

    [Fact]
    public async Task Failed_provider_is_asked_after_waits_that_grow_to_a_minute()
    {
        _answer = (null, "away");
        var asked = new List<int>();
        for (var second = 0; second < 240; second++)
        {
            Assert.Equal("away", await NameAsync("one"));
            if (asked.Count < _asked)
                asked.Add(second);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([0, 1, 3, 7, 15, 31, 63, 123, 183], asked);

        _answer = (Set("one"), "");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("one", await NameAsync("one"));
        Assert.Equal(["the provider's keys cannot be had: away", "the provider's keys can be had again"], _news);
    }

    [Fact]
    public async Task Fault_of_ours_is_told_as_one_and_the_next_fetch_is_made()
    {
        var isFirst = true;
        var keys = new ProviderKeys(() => isFirst ? throw new InvalidOperationException("broken") : Task.FromResult(_answer), _time, _news.Add);
        Assert.Equal("InvalidOperationException: broken", (await keys.FindAsync("one", "RS256", TestContext.Current.CancellationToken)).Cause);
        isFirst = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull((await keys.FindAsync("one", "RS256", TestContext.Current.CancellationToken)).Key);
    }

    // The key's name, the cause, or nothing where the provider has no such key.
    private async Task<string> NameAsync(string name)
    {
        var (key, cause) = await _keys.FindAsync(name, "RS256", TestContext.Current.CancellationToken);
        return key?.Kid ?? cause ?? "";
    }

    private Task<(KeySet? Keys, string Cause)> FetchAsync()
    {
        _asked++;
        return Task.FromResult(_answer);
    }

    private static KeySet Set(string name) => KeySet.Read($$"""{"keys":[{"kty":"RSA","kid":"{{name}}","n":"{{new string('u', 341)}}A","e":"AQAB"}]}""")!;

    private static async Task Eventually(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(10, TestContext.Current.CancellationToken);
    }
}
