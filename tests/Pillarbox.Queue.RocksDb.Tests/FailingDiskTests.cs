using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Queue.RocksDb.Tests;

/// <summary>The store on a disk that fails, is full, or is slow.</summary>
public sealed class FailingDiskTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pillarbox-queue-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RocksDbQueueOptions Options => new() { Directory = _directory, MinimumFreeSpace = 0 };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Write_that_fails_is_an_IOException_with_its_cause_and_ends_all_acceptance_until_reopened()
    {
        var failing = false;
        QueueId before;
        await using (var store = Open(write => batch =>
        {
            if (failing)
                throw new TimeoutException("the disk is gone");
            write(batch);
        }))
        {
            before = await AcceptAsync(store, 100);
            failing = true;
            var fault = await Assert.ThrowsAnyAsync<IOException>(() => AcceptAsync(store, 100));
            Assert.IsType<TimeoutException>(fault.InnerException);

            // The disk works again, it seems: a kernel that dropped pages says the same.
            failing = false;
            await Assert.ThrowsAnyAsync<IOException>(() => AcceptAsync(store, 100));
            await Assert.ThrowsAnyAsync<QueueStoppedException>(async () => await store.RecordAsync(before, [RecipientChange.Done(0)], null, Token));
            Assert.NotNull(await store.ReadAsync(before, Token));
        }

        await using var again = Open();
        Assert.Equal([before], await IdsAsync(again));
        await AcceptAsync(again, 100);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Large_message_whose_commit_failed_is_whole_or_absent_after_reopening(bool reachedTheDisk)
    {
        await using (var store = Open(write => batch =>
        {
            if (reachedTheDisk)
                write(batch);
            throw new IOException("fdatasync: Input/output error");
        }))
        {
            await Assert.ThrowsAnyAsync<IOException>(() => AcceptAsync(store, 200_000));
        }

        await using var again = Open();
        var ids = await IdsAsync(again);
        Assert.Equal(reachedTheDisk ? 1 : 0, ids.Count);
        Assert.Equal(ids.Select(id => id.ToString()), Directory.EnumerateFiles(Path.Combine(_directory, "bodies")).Select(path => Path.GetFileName(path)));
        foreach (var id in ids)
        {
            using var body = await again.OpenBodyAsync(id, Token);
            Assert.Equal(200_000, await body!.ReadAsync(0, new byte[300_000], Token));
        }
    }

    [Fact]
    public async Task Large_message_that_comes_after_the_failure_leaves_no_file()
    {
        await using var store = Open(_ => _ => throw new IOException("fdatasync: Input/output error"));
        await Assert.ThrowsAnyAsync<IOException>(() => AcceptAsync(store, 100));
        await Assert.ThrowsAnyAsync<IOException>(() => AcceptAsync(store, 200_000));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_directory, "bodies")));
    }

    [Fact]
    public async Task Full_disk_refuses_mail_but_records_outcomes()
    {
        QueueId id;
        await using (var store = Open())
            id = await AcceptAsync(store, 100);

        await using var full = RocksDbQueueStore.Open(Options with { MinimumFreeSpace = long.MaxValue });
        await Assert.ThrowsAnyAsync<IOException>(() => AcceptAsync(full, 100));
        await Assert.ThrowsAnyAsync<IOException>(() => AcceptAsync(full, 200_000));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_directory, "bodies")));
        Assert.True(await full.RecordAsync(id, [RecipientChange.Done(0)], null, Token));
    }

    [Fact]
    public async Task Sessions_that_come_while_the_disk_is_busy_share_one_write_and_one_fault_is_its_own()
    {
        using var busy = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var writes = 0;
        await using var store = Open(write => batch =>
        {
            Interlocked.Increment(ref writes);
            entered.Set();
            busy.Wait();
            write(batch);
        });

        var first = AcceptAsync(store, 100);
        entered.Wait(Token);
        var rest = Enumerable.Range(0, 30).Select(_ => AcceptAsync(store, 100)).ToList();
        var faulty = store.RecordAsync((await NextAsync(store)).Id, [RecipientChange.Done(0)], null, Token).AsTask();
        busy.Set();

        await Task.WhenAll([first, .. rest]);
        Assert.True(await faulty);
        Assert.Equal(2, writes);

        // A recipient that is not there is that caller's fault; who shares its batch does not feel it.
        busy.Reset();
        entered.Reset();
        var blocked = AcceptAsync(store, 100);
        entered.Wait(Token);
        var wrong = store.RecordAsync(await first, [RecipientChange.Done(7)], null, Token).AsTask();
        var beside = AcceptAsync(store, 100);
        busy.Set();
        await Assert.ThrowsAsync<ArgumentException>(() => wrong);
        await Task.WhenAll(blocked, beside);
        Assert.Equal(33, (await IdsAsync(store)).Count);
    }

    [Fact]
    public async Task Callers_beyond_the_bound_wait_for_a_place()
    {
        using var busy = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        await using var store = RocksDbQueueStore.Open(Options with { MaxPending = 2 }, null, null, write => batch =>
        {
            entered.Set();
            busy.Wait();
            write(batch);
        });

        var all = Enumerable.Range(0, 10).Select(_ => AcceptAsync(store, 100)).ToList();
        entered.Wait(Token);
        using (var gaveUp = new CancellationTokenSource())
        {
            var waiting = store.DeleteAsync(store.NextId(), gaveUp.Token);
            await gaveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        }

        Assert.DoesNotContain(all, task => task.IsCompleted);
        busy.Set();
        await Task.WhenAll(all);
        Assert.Equal(10, (await IdsAsync(store)).Count);
    }

    private RocksDbQueueStore Open(Func<SyncedWrite, SyncedWrite>? wrap = null) => RocksDbQueueStore.Open(Options, null, null, wrap);

    private static async Task<Envelope> NextAsync(RocksDbQueueStore store)
    {
        await Task.Yield();
        return new Envelope
        {
            Id = store.NextId(),
            Sender = null,
            Recipients = [Mailbox.Parse("bob@example.net")],
            Accepted = DateTimeOffset.UnixEpoch,
            BodySize = 0,
        };
    }

    private static async Task<QueueId> AcceptAsync(RocksDbQueueStore store, int size)
    {
        var envelope = await NextAsync(store) with { BodySize = size };
        var writer = store.BeginBody(envelope.Id);
        writer.GetSpan(size)[..size].Fill((byte)'x');
        writer.Advance(size);
        await writer.FlushAsync(Token);
        (await store.AcceptAsync(envelope, writer, Token)).Dispose();
        return envelope.Id;
    }

    private static async Task<List<QueueId>> IdsAsync(RocksDbQueueStore store)
    {
        List<QueueId> ids = [];
        await foreach (var message in store.ReadAllAsync(cancellationToken: Token))
            ids.Add(message.Envelope.Id);
        return ids;
    }
}
