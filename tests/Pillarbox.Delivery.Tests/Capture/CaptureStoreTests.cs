using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pillarbox.Delivery.Capture;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Capture;

public sealed class CaptureStoreTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly string _directory = Directory.CreateTempSubdirectory("pillarbox-capture-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Message_added_is_listed_found_and_read_byte_for_byte()
    {
        await using var store = Open();
        await AddAsync(store, 1, "Subject: first\r\n\r\n..dots\r\nand \xff no end", prologue: "Received: from x\r\n");

        var message = Assert.Single(await store.ListAsync(10, cancellationToken: Token));
        Assert.Equivalent(message, await store.FindAsync(new QueueId(1), Token), strict: true);
        Assert.Equal(new QueueId(1), message.Id);
        Assert.Equal("ann@example.org", message.From);
        Assert.Equal(["bob@example.net", "cy@example.net"], message.To);
        Assert.Equal("first", message.Subject);
        Assert.Equal(Noon, message.Received);
        Assert.Equal("192.0.2.1", message.Client);
        Assert.Equal("Received: from x\r\nSubject: first\r\n\r\n..dots\r\nand \xff no end", await RawAsync(store, 1));
        Assert.Equal(Encoding.Latin1.GetByteCount("Received: from x\r\nSubject: first\r\n\r\n..dots\r\nand \xff no end"), message.Size);
    }

    [Fact]
    public async Task Message_with_no_octets_and_no_sender_is_kept()
    {
        await using var store = Open();
        await store.AddAsync(Envelope(1, 0) with { Sender = null }, new TextBody(""), Token);

        var message = Assert.Single(await store.ListAsync(10, cancellationToken: Token));
        Assert.Equal("", message.From);
        Assert.Equal(0, message.Size);
        Assert.Equal("", await RawAsync(store, 1));
    }

    [Fact]
    public async Task List_shows_the_newest_first_and_goes_on_after_a_message()
    {
        await using var store = Open();
        for (ulong id = 1; id <= 5; id++)
            await AddAsync(store, id, $"Subject: {id}\r\n\r\n");

        Assert.Equal(["5", "4"], (await store.ListAsync(2, cancellationToken: Token)).Select(message => message.Subject));
        Assert.Equal(["3", "2", "1"], (await store.ListAsync(9, new QueueId(4), Token)).Select(message => message.Subject));
        Assert.Empty(await store.ListAsync(9, new QueueId(77), Token));
    }

    [Fact]
    public async Task Message_added_twice_is_kept_once_also_after_a_restart()
    {
        await using (var store = Open())
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AddAsync(store, 1, "Subject: once\r\n\r\n")));

        await using var again = Open();
        await AddAsync(again, 1, "Subject: other\r\n\r\n");
        Assert.Equal("once", Assert.Single(await again.ListAsync(10, cancellationToken: Token)).Subject);
    }

    [Fact]
    public async Task Many_messages_at_once_are_all_there_after_a_restart()
    {
        await using (var store = Open())
            await Task.WhenAll(Enumerable.Range(1, 2000).Select(id => AddAsync(store, (ulong)id, Text(id))));

        await using var again = Open();
        Assert.Equal(2000, (await again.ListAsync(5000, cancellationToken: Token)).Count);
        for (var id = 1; id <= 2000; id += 97)
            Assert.Equal(Text(id), await RawAsync(again, (ulong)id));

        static string Text(int id) => $"Subject: {id}\r\n\r\n{new string((char)('a' + id % 26), id)}\r\n";
    }

    [Fact]
    public async Task Large_body_streams_through_and_comes_back_whole()
    {
        await using var store = Open();
        using var body = new GeneratedBody(20 << 20);
        await store.AddAsync(Envelope(1, body.Length), body, Token);

        await using var raw = await store.OpenRawAsync(new QueueId(1), Token);
        Assert.NotNull(raw);
        Assert.Equal(body.Length, raw.Length);
        Assert.Equal(body.Hash(), await SHA256.HashDataAsync(raw, Token));
        Assert.True(body.LargestRead <= 1 << 20, $"asked for {body.LargestRead} octets at once");
    }

    [Fact]
    public async Task Body_that_cannot_be_read_fails_alone_and_leaves_nothing()
    {
        await using (var store = Open())
        {
            using var broken = new GeneratedBody(3 << 20, failAt: 2 << 20);
            var bad = store.AddAsync(Envelope(2, broken.Length), broken, Token);
            await Task.WhenAll(AddAsync(store, 1, "Subject: 1\r\n\r\n"), AddAsync(store, 3, "Subject: 3\r\n\r\n"));
            await Assert.ThrowsAsync<IOException>(() => bad);
            await AddAsync(store, 4, "Subject: 4\r\n\r\n");
        }

        await using var again = Open();
        Assert.Equal(["1", "3", "4"], (await again.ListAsync(10, cancellationToken: Token)).Select(message => message.Subject).Order());
    }

    [Fact]
    public async Task Messages_past_the_count_drop_the_oldest_for_good()
    {
        await using (var store = Open(messages: 3))
        {
            for (ulong id = 1; id <= 10; id++)
                await AddAsync(store, id, $"Subject: {id}\r\n\r\n");
            Assert.Equal(["10", "9", "8"], (await store.ListAsync(10, cancellationToken: Token)).Select(message => message.Subject));
            await store.DeleteAsync(new QueueId(10), Token);
            Assert.Null(await store.OpenRawAsync(new QueueId(7), Token));
        }

        await using var again = Open(messages: 3);
        Assert.Equal(["9", "8"], (await again.ListAsync(10, cancellationToken: Token)).Select(message => message.Subject));
    }

    [Fact]
    public async Task Messages_past_the_size_give_their_disk_back()
    {
        const int Limit = 256 << 10;
        await using var store = Open(bytes: Limit);
        for (ulong id = 1; id <= 100; id++)
            await AddAsync(store, id, $"Subject: {id}\r\n\r\n{new string('x', 10_000)}");

        var kept = await store.ListAsync(1000, cancellationToken: Token);
        Assert.Equal("100", kept[0].Subject);
        Assert.InRange(kept.Count, 10, 26);
        Assert.InRange(DiskUse(), 1, Limit + (32 << 10));
    }

    [Fact]
    public async Task Message_larger_than_the_bound_is_kept_until_the_next()
    {
        await using var store = Open(bytes: 64 << 10);
        await AddAsync(store, 1, "Subject: small\r\n\r\n");
        await AddAsync(store, 2, "Subject: huge\r\n\r\n" + new string('x', 200_000));
        Assert.Equal("huge", (await store.ListAsync(10, cancellationToken: Token))[0].Subject);
        await AddAsync(store, 3, "Subject: next\r\n\r\n");

        Assert.Equal("next", Assert.Single(await store.ListAsync(10, cancellationToken: Token)).Subject);
    }

    [Fact]
    public async Task Message_deleted_stays_deleted_after_a_restart()
    {
        await using (var store = Open())
        {
            await AddAsync(store, 1, "Subject: 1\r\n\r\n");
            await AddAsync(store, 2, "Subject: 2\r\n\r\n");
            Assert.True(await store.DeleteAsync(new QueueId(1), Token));
            Assert.False(await store.DeleteAsync(new QueueId(1), Token));
            Assert.Null(await store.FindAsync(new QueueId(1), Token));
        }

        await using var again = Open();
        Assert.Equal("2", Assert.Single(await again.ListAsync(10, cancellationToken: Token)).Subject);
    }

    [Fact]
    public async Task Clear_takes_all_messages_and_their_octets_off_the_disk()
    {
        await using (var store = Open())
        {
            for (ulong id = 1; id <= 20; id++)
                await AddAsync(store, id, "Subject: secret\r\n\r\n");
            await store.ClearAsync(Token);
            Assert.Empty(await store.ListAsync(10, cancellationToken: Token));
            Assert.DoesNotContain("secret", OnDisk(), StringComparison.Ordinal);
            await AddAsync(store, 21, "Subject: after\r\n\r\n");
        }

        await using var again = Open();
        Assert.Equal("after", Assert.Single(await again.ListAsync(10, cancellationToken: Token)).Subject);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(60)]
    public async Task Torn_end_of_the_newest_file_costs_the_last_message_alone(int octets)
    {
        await using (var store = Open())
        {
            await AddAsync(store, 1, "Subject: whole\r\n\r\nbody\r\n");
            await AddAsync(store, 2, "Subject: torn\r\n\r\nbody\r\n");
        }

        var file = Assert.Single(Directory.GetFiles(_directory));
        await using (var stream = File.OpenWrite(file))
            stream.SetLength(stream.Length - octets);

        for (var start = 0; start < 2; start++)
        {
            await using var again = Open();
            Assert.Equal("whole", Assert.Single(await again.ListAsync(10, cancellationToken: Token)).Subject);
        }

        await using var store2 = Open();
        await AddAsync(store2, 2, "Subject: anew\r\n\r\n");
        Assert.Equal(["anew", "whole"], (await store2.ListAsync(10, cancellationToken: Token)).Select(message => message.Subject));
    }

    [Fact]
    public async Task Octets_that_never_reached_the_disk_are_found_out()
    {
        await using (var store = Open())
        {
            await AddAsync(store, 1, "Subject: whole\r\n\r\n");
            await AddAsync(store, 2, "Subject: holes\r\n\r\n" + new string('x', 9000));
        }

        // What a power cut leaves of a write that was not synced: the length is there, the octets are not.
        await using (var stream = File.OpenWrite(Assert.Single(Directory.GetFiles(_directory))))
        {
            stream.Seek(-4096, SeekOrigin.End);
            stream.Write(new byte[4000]);
        }

        await using var again = Open();
        Assert.Equal("whole", Assert.Single(await again.ListAsync(10, cancellationToken: Token)).Subject);
    }

    [Fact]
    public async Task Files_that_are_garbage_do_not_stop_the_start()
    {
        await using (var store = Open())
            await AddAsync(store, 1, "Subject: good\r\n\r\n");
        File.WriteAllBytes(Path.Combine(_directory, "00000002.captured"), RandomNumberGenerator.GetBytes(5000));
        File.WriteAllText(Path.Combine(_directory, "00000003.captured"), "");
        File.WriteAllText(Path.Combine(_directory, "notes.txt"), "not ours");

        await using var again = Open();
        await AddAsync(again, 2, "Subject: more\r\n\r\n");
        Assert.Equal(["more", "good"], (await again.ListAsync(10, cancellationToken: Token)).Select(message => message.Subject));
        Assert.True(File.Exists(Path.Combine(_directory, "notes.txt")));
    }

    [Fact]
    public async Task Stream_goes_on_reading_while_its_message_is_cleared()
    {
        await using var store = Open();
        await AddAsync(store, 1, "Subject: kept open\r\n\r\n" + new string('x', 50_000));
        await using var raw = await store.OpenRawAsync(new QueueId(1), Token);
        await store.ClearAsync(Token);

        Assert.NotNull(raw);
        using var reader = new StreamReader(raw);
        Assert.Equal(50_022, (await reader.ReadToEndAsync(Token)).Length);
    }

    [Fact]
    public async Task Files_are_for_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes");
        var inner = Path.Combine(_directory, "captured");
        await using var store = new CaptureStore(new CaptureOptions { Directory = inner }, NullLogger<CaptureStore>.Instance);
        await AddAsync(store, 1, "Subject: x\r\n\r\n");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(inner));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(inner))));
    }

    [Fact]
    public async Task Directory_that_cannot_be_made_fails_each_call_with_its_cause()
    {
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");
        await using var store = new CaptureStore(new CaptureOptions { Directory = file }, NullLogger<CaptureStore>.Instance);

        await Assert.ThrowsAnyAsync<IOException>(() => AddAsync(store, 1, "Subject: x\r\n\r\n"));
        await Assert.ThrowsAnyAsync<IOException>(() => store.ListAsync(1, cancellationToken: Token));
    }

    private CaptureStore Open(int messages = 5000, long bytes = 1L << 30) =>
        new(new CaptureOptions { Directory = _directory, MaxMessages = messages, MaxBytes = bytes }, NullLogger<CaptureStore>.Instance);

    private static Task AddAsync(CaptureStore store, ulong id, string text, string prologue = "") =>
        store.AddAsync(Envelope(id, text.Length, prologue), new TextBody(text), Token);

    private static Envelope Envelope(ulong id, long size, string prologue = "") => new()
    {
        Id = new QueueId(id),
        Sender = Mailbox.Parse("ann@example.org"),
        Recipients = [Mailbox.Parse("bob@example.net"), Mailbox.Parse("cy@example.net")],
        Accepted = Noon,
        BodySize = size,
        Prologue = Encoding.Latin1.GetBytes(prologue),
        Client = "192.0.2.1",
    };

    private static async Task<string> RawAsync(CaptureStore store, ulong id)
    {
        await using var raw = await store.OpenRawAsync(new QueueId(id), Token);
        Assert.NotNull(raw);
        using var reader = new StreamReader(raw, Encoding.Latin1);
        return await reader.ReadToEndAsync(Token);
    }

    private long DiskUse() => new DirectoryInfo(_directory).GetFiles().Sum(file => file.Length);

    private string OnDisk() => string.Concat(Directory.GetFiles(_directory).Select(file => File.ReadAllText(file, Encoding.Latin1)));

    /// <summary>A body in memory.</summary>
    private sealed class TextBody(string text) : MessageBody
    {
        private readonly byte[] _bytes = Encoding.Latin1.GetBytes(text);

        public override long Length => _bytes.Length;

        public override ReadOnlyMemory<byte>? InMemory => _bytes;

        public override ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
        {
            var length = (int)Math.Min(destination.Length, _bytes.Length - offset);
            _bytes.AsSpan((int)offset, length).CopyTo(destination.Span);
            return ValueTask.FromResult(length);
        }

        protected override void Dispose(bool disposing)
        {
        }
    }

    /// <summary>A body that is nowhere whole, and may break off.</summary>
    private sealed class GeneratedBody(long length, long failAt = long.MaxValue) : MessageBody
    {
        public int LargestRead { get; private set; }

        public override long Length => length;

        public override ReadOnlyMemory<byte>? InMemory => null;

        public override async ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            if (offset >= failAt)
                throw new IOException("a broken sector");
            LargestRead = Math.Max(LargestRead, destination.Length);
            var count = (int)Math.Min(destination.Length, length - offset);
            for (var i = 0; i < count; i++)
                destination.Span[i] = (byte)((offset + i) * 31 % 251);
            return count;
        }

        public byte[] Hash()
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var part = new byte[1 << 16];
            for (long offset = 0; offset < length; offset += part.Length)
            {
                for (var i = 0; i < part.Length; i++)
                    part[i] = (byte)((offset + i) * 31 % 251);
                hash.AppendData(part.AsSpan(0, (int)Math.Min(part.Length, length - offset)));
            }

            return hash.GetHashAndReset();
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
