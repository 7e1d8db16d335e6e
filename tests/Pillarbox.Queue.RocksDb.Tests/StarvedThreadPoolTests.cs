using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Queue.RocksDb.Tests;

/// <summary>Runs alone: it takes the thread pool away from everybody.</summary>
[CollectionDefinition(nameof(StarvedThreadPool), DisableParallelization = true)]
public sealed class StarvedThreadPool;

/// <summary>A blocked request elsewhere in the process must not delay a 250.</summary>
[Collection(nameof(StarvedThreadPool))]
public sealed class StarvedThreadPoolTests
{
    [Theory]
    [InlineData(1_000)]
    [InlineData(300_000)]
    public async Task Message_is_accepted_while_every_pool_thread_is_blocked(int size)
    {
        var directory = Directory.CreateTempSubdirectory("pillarbox-queue-").FullName;
        var store = RocksDbQueueStore.Open(new RocksDbQueueOptions { Directory = directory, MinimumFreeSpace = 0 });
        using var release = new ManualResetEventSlim();
        try
        {
            // Far more than the pool adds threads for in the time that the test takes.
            const int Blocked = 500;
            using var done = new CountdownEvent(Blocked);
            for (var i = 0; i < Blocked; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ =>
                    {
                        release.Wait();
                        done.Signal();
                    },
                    null);
            }

            // Several, and most of them must get through: one that begins to wait in the very moment in which it is done is handed to
            // the pool by the runtime, which knows no other way.
            const int Sessions = 8;
            using var accepted = new SemaphoreSlim(0);
            for (var i = 0; i < Sessions; i++)
            {
                var session = new Thread(() => _ = AcceptAsync(store, size, accepted));
                session.Start();
                session.Join();
            }

            for (var i = 0; i < Sessions / 2; i++)
                Assert.True(accepted.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), "the session waits for the pool");
            Assert.False(done.IsSet);
            release.Set();
            done.Wait(TestContext.Current.CancellationToken);
        }
        finally
        {
            release.Set();
            await store.DisposeAsync();
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task AcceptAsync(RocksDbQueueStore store, int size, SemaphoreSlim accepted)
    {
        var envelope = new Envelope
        {
            Id = store.NextId(),
            Sender = null,
            Recipients = [Mailbox.Parse("bob@example.net")],
            Accepted = DateTimeOffset.UnixEpoch,
            BodySize = size,
        };
        var writer = store.BeginBody(envelope.Id);
        writer.GetSpan(size)[..size].Fill((byte)'x');
        writer.Advance(size);
        await writer.FlushAsync();
        (await store.AcceptAsync(envelope, writer)).Dispose();
        accepted.Release();
    }
}
