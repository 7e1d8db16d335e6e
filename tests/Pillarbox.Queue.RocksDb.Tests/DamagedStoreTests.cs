using Pillarbox.Protocol.Grammar;
using RocksDbSharp;

namespace Pillarbox.Queue.RocksDb.Tests;

/// <summary>A store that is not as it was left: damaged, cut short, or in use.</summary>
public sealed class DamagedStoreTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pillarbox-queue-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Files => Path.Combine(_directory, "store");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Second_server_is_told_who_is_in_the_way()
    {
        await using var first = Open();
        var fault = Assert.Throws<IOException>(() => Open());
        Assert.Contains("in use by another server", fault.Message, StringComparison.Ordinal);
        Assert.Contains(_directory, fault.Message, StringComparison.Ordinal);
        await AcceptAsync(first);
    }

    [Fact]
    public async Task Envelope_that_cannot_be_read_is_set_aside_and_the_rest_goes_on()
    {
        List<QueueId> ids = [];
        await using (var store = Open())
        {
            for (var i = 0; i < 3; i++)
                ids.Add(await AcceptAsync(store));
        }

        Change(db => db.Put(Key(Keys.Envelope, ids[1]), "no envelope"u8.ToArray()));
        await using (var store = Open())
        {
            await Assert.ThrowsAnyAsync<IOException>(async () => await store.ReadAsync(ids[1], Token));
            Assert.Equal([ids[0], ids[2]], await IdsAsync(store));
            Assert.Null(await store.ReadAsync(ids[1], Token));
            Assert.True(await store.RecordAsync(ids[0], [RecipientChange.Done(0)], null, Token));
            await AcceptAsync(store);
        }

        Change(db =>
        {
            Assert.Equal("no envelope"u8.ToArray(), db.Get([Keys.SetAside, .. Key(Keys.Envelope, ids[1])]));
            Assert.NotNull(db.Get(Key(Keys.Body, ids[1])));
        });
    }

    [Fact]
    public async Task Standing_that_cannot_be_read_leaves_its_recipient_to_be_tried_anew()
    {
        QueueId id;
        await using (var store = Open())
        {
            id = await AcceptAsync(store);
            await store.RecordAsync(id, [new(0, RecipientStatus.Fresh with { Attempts = 3 })], null, Token);
        }

        Change(db => db.Put(Keys.OfRecipient(new byte[Keys.RecipientLength], id, 0).ToArray(), new byte[] { 0x91, 0xc1 }));
        await using var again = Open();
        List<QueuedMessage> all = [];
        await foreach (var message in again.ReadAllAsync(cancellationToken: Token))
            all.Add(message);
        Assert.Equal([RecipientStatus.Fresh], Assert.Single(all).Recipients);
        Assert.True(await again.RecordAsync(id, [RecipientChange.Done(0)], null, Token));
    }

    [Fact]
    public async Task Record_of_a_later_version_is_not_misread()
    {
        QueueId id;
        await using (var store = Open())
            id = await AcceptAsync(store);
        Change(db =>
        {
            var record = db.Get(Key(Keys.Envelope, id));
            record[1] = 3;
            db.Put(Key(Keys.Envelope, id), record);
        });
        await using var again = Open();
        var fault = await Assert.ThrowsAnyAsync<IOException>(async () => await again.ReadAsync(id, Token));
        Assert.Contains("version 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_part_of_a_table_is_passed_over()
    {
        List<QueueId> ids = [];
        await using (var store = Open())
        {
            for (var i = 0; i < 2000; i++)
                ids.Add(await AcceptAsync(store));
        }

        // Bodies come first in a table: the envelopes lie in its last third.
        var table = Assert.Single(Directory.EnumerateFiles(Files, "*.sst"));
        var octets = await File.ReadAllBytesAsync(table, Token);
        octets.AsSpan(octets.Length * 8 / 10, 100).Fill(0xff);
        await File.WriteAllBytesAsync(table, octets, Token);

        await using var again = Open();
        var read = await IdsAsync(again);
        Assert.InRange(read.Count, 1000, 1999);
        Assert.Equal(read.Order(), read);
        Assert.Contains(ids[^1], read);
        await AcceptAsync(again);
    }

    [Fact]
    public async Task Log_that_a_power_cut_tore_is_read_as_far_as_it_goes()
    {
        var copy = Directory.CreateTempSubdirectory("pillarbox-queue-").FullName;
        try
        {
            List<QueueId> ids = [];
            await using (var store = Open())
            {
                for (var i = 0; i < 20; i++)
                    ids.Add(await AcceptAsync(store));
                foreach (var file in Directory.EnumerateFiles(Files))
                {
                    Directory.CreateDirectory(Path.Combine(copy, "store"));
                    File.Copy(file, Path.Combine(copy, "store", Path.GetFileName(file)));
                }
            }

            var log = Directory.EnumerateFiles(Path.Combine(copy, "store"), "*.log").Single();
            await using (var file = File.OpenWrite(log))
                file.SetLength(file.Length - 30);
            await using var torn = RocksDbQueueStore.Open(new RocksDbQueueOptions { Directory = copy, MinimumFreeSpace = 0 });
            Assert.Equal(ids[..^1], await IdsAsync(torn));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Message_whose_large_body_is_missing_is_a_fault_not_an_empty_message()
    {
        await using var store = Open();
        var id = await AcceptAsync(store, 100_000);
        File.Delete(Path.Combine(_directory, "bodies", id.ToString()));
        await Assert.ThrowsAnyAsync<IOException>(async () => await store.OpenBodyAsync(id, Token));
    }

    [Fact]
    public async Task Mail_is_readable_by_its_owner_alone()
    {
        await using var store = Open();
        var id = await AcceptAsync(store, 100_000);
        const UnixFileMode Others = (UnixFileMode)0x3f;
        foreach (var directory in new[] { Files, Path.Combine(_directory, "bodies") })
            Assert.Equal((UnixFileMode)0, new DirectoryInfo(directory).UnixFileMode & Others);
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(Path.Combine(_directory, "bodies", id.ToString())) & Others);
    }

    private RocksDbQueueStore Open() => RocksDbQueueStore.Open(new RocksDbQueueOptions { Directory = _directory, MinimumFreeSpace = 0 });

    private void Change(Action<RocksDbSharp.RocksDb> change)
    {
        using var db = RocksDbSharp.RocksDb.Open(new DbOptions(), Files);
        change(db);
    }

    private static byte[] Key(byte kind, QueueId id) => Keys.Message(new byte[Keys.Length], kind, id).ToArray();

    private static async Task<QueueId> AcceptAsync(RocksDbQueueStore store, int size = 100)
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
