using Pillarbox.Server.Guessing;

namespace Pillarbox.Server.Tests.Guessing;

/// <summary>Whose turn it is to have a password checked.</summary>
public sealed class LoginGateTests
{
    private int _waiting;

    [Fact]
    public async Task Networks_takeTurns_whateverEachAsksFor()
    {
        var gate = new LoginGate(1, more => _waiting += more);
        Assert.True(await gate.EnterAsync(1, isKnown: false));
        var order = new List<string>();
        var flood = Enumerable.Range(0, 4).Select(i => Wait(gate, 1, false, $"flood {i}", order)).ToList();
        var other = Wait(gate, 2, false, "other", order);
        Assert.Equal(5, _waiting);

        gate.Leave(1);
        await Task.WhenAll([.. flood, other]);

        Assert.Equal(["flood 0", "other", "flood 1", "flood 2", "flood 3"], order);
        Assert.Equal(0, _waiting);
    }

    [Fact]
    public async Task Known_goAheadOfStrangers()
    {
        var gate = new LoginGate(1, _ => { });
        Assert.True(await gate.EnterAsync(1, isKnown: false));
        var order = new List<string>();
        var strangers = Enumerable.Range(10, 20).Select(i => Wait(gate, (ulong)i, false, "stranger", order)).ToList();
        var known = Wait(gate, 2, true, "known", order);

        gate.Leave(1);
        await Task.WhenAll([.. strangers, known]);

        Assert.Equal("known", order[0]);
    }

    [Theory]
    [InlineData(false, 16)]
    [InlineData(true, 256)]
    public async Task Network_thatFillsItsLine_isTurnedAway_andNoOtherIs(bool isKnown, int most)
    {
        var gate = new LoginGate(1, _ => { });
        Assert.True(await gate.EnterAsync(1, isKnown));
        var flood = Enumerable.Range(0, most).Select(_ => gate.EnterAsync(1, isKnown)).ToList();

        Assert.All(flood, each => Assert.False(each.IsCompleted));
        Assert.False(await gate.EnterAsync(1, isKnown));
        Assert.False(gate.EnterAsync(2, isKnown).IsCompleted);
    }

    [Fact]
    public async Task Strangers_whoFillTheLine_takeNoPlaceOfWhoIsKnown()
    {
        var gate = new LoginGate(1, _ => { });
        Assert.True(await gate.EnterAsync(1, isKnown: false));
        for (var i = 0; i < LoginGate.MostOfAll; i++)
            Assert.False(gate.EnterAsync((ulong)i + 10, isKnown: false).IsCompleted);

        Assert.False(await gate.EnterAsync(9, isKnown: false));
        var known = gate.EnterAsync(2, isKnown: true);
        Assert.False(known.IsCompleted);
        gate.Leave(1);
        Assert.True(await known);
    }

    [Fact]
    public async Task Network_hasNoMoreThanHalf()
    {
        var gate = new LoginGate(4, _ => { });
        Assert.True(await gate.EnterAsync(1, isKnown: false));
        Assert.True(await gate.EnterAsync(1, isKnown: false));
        var third = gate.EnterAsync(1, isKnown: false);
        Assert.False(third.IsCompleted);
        Assert.True(await gate.EnterAsync(2, isKnown: false));
        gate.Leave(2);
        Assert.False(third.IsCompleted);

        gate.Leave(1);
        Assert.True(await third);
    }

    // Whoever is woken may be done at once, and wakes the next: that must not go a level deeper with each.
    [Fact]
    public async Task Waiters_whoAreDoneAtOnce_wakeEachOtherInALoop()
    {
        var gate = new LoginGate(1, _ => { });
        Assert.True(await gate.EnterAsync(1, isKnown: false));
        var depth = new List<int>();
        var all = Enumerable.Range(0, LoginGate.MostOfAll).Select(i => PassAsync((ulong)i + 10)).ToList();
        gate.Leave(1);
        await Task.WhenAll(all);

        Assert.True(depth.Max() - depth.Min() < 10, $"from {depth.Min()} to {depth.Max()} frames");

        async Task PassAsync(ulong network)
        {
            await gate.EnterAsync(network, isKnown: false).ConfigureAwait(false);
            depth.Add(new System.Diagnostics.StackTrace().FrameCount);
            gate.Leave(network);
        }
    }

    private static async Task Wait(LoginGate gate, ulong network, bool isKnown, string name, List<string> order)
    {
        Assert.True(await gate.EnterAsync(network, isKnown).ConfigureAwait(false));
        order.Add(name);
        gate.Leave(network);
    }
}
