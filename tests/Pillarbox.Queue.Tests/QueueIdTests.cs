using Microsoft.Extensions.Time.Testing;

namespace Pillarbox.Queue.Tests;

public sealed class QueueIdTests
{
    [Theory]
    [InlineData(0UL, "0000000000000")]
    [InlineData(31UL, "000000000000Z")]
    [InlineData(ulong.MaxValue, "FZZZZZZZZZZZZ")]
    public void Id_is_written_and_read(ulong value, string text)
    {
        Assert.Equal(text, new QueueId(value).ToString());
        Assert.True(QueueId.TryParse(text, out var id));
        Assert.Equal(value, id.Value);
        Assert.True(QueueId.TryParse(text.ToLowerInvariant(), out id));
        Assert.Equal(value, id.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("000000000000")]
    [InlineData("00000000000000")]
    [InlineData("G000000000000")]
    [InlineData("000000000000I")]
    [InlineData("000000000000L")]
    [InlineData("000000000000O")]
    [InlineData("000000000000U")]
    [InlineData("../../../etc/")]
    [InlineData("000000000000Ä")]
    public void Text_that_is_no_id_is_refused(string text) => Assert.False(QueueId.TryParse(text, out _));

    [Fact]
    public void Ids_increase_within_a_millisecond_and_over_it()
    {
        var time = new FakeTimeProvider();
        var ids = new QueueIdSource(time);
        var first = ids.Next();
        var second = ids.Next();
        time.Advance(TimeSpan.FromMilliseconds(1));
        var third = ids.Next();
        Assert.True(first < second && second < third);
        Assert.Equal(first.Value + 1, second.Value);
        Assert.Equal((first.Value >> 20) + 1, third.Value >> 20);
    }

    [Fact]
    public void Ids_stay_above_one_that_was_observed()
    {
        var time = new FakeTimeProvider();
        var ids = new QueueIdSource(time);
        var far = new QueueId(ids.Next().Value + (1UL << 40));
        ids.Observe(far);
        ids.Observe(new QueueId(1));
        Assert.Equal(far.Value + 1, ids.Next().Value);
    }

    [Fact]
    public async Task Ids_given_to_many_threads_differ()
    {
        var ids = new QueueIdSource(new FakeTimeProvider());
        var given = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 5000).Select(_ => ids.Next()).ToList())));
        Assert.All(given, mine => Assert.Equal(mine.Order(), mine));
        Assert.Equal(40_000, given.SelectMany(mine => mine).Distinct().Count());
    }
}
