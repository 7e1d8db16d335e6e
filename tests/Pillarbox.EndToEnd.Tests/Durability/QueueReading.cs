using Pillarbox.Peers;
using Pillarbox.Queue;
using Pillarbox.Queue.RocksDb;

namespace Pillarbox.EndToEnd.Tests.Durability;

/// <summary>Reads a queue's directory behind the server's back.</summary>
internal static class QueueReading
{
    /// <summary>What a server would find there if it started now. The directory itself stays as it is: a copy is read.</summary>
    public static async Task<List<QueuedMessage>> ReadAsync(string queue)
    {
        using var copy = new TempDirectory("queue");
        foreach (var file in Directory.EnumerateFiles(queue, "*", SearchOption.AllDirectories))
        {
            var target = copy[Path.GetRelativePath(queue, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        await using var store = RocksDbQueueStore.Open(new RocksDbQueueOptions { Directory = copy.Path, MinimumFreeSpace = 0 });
        List<QueuedMessage> messages = [];
        await foreach (var message in store.ReadAllAsync())
        {
            // A message without its body would be a promise broken in all but name.
            using var body = await store.OpenBodyAsync(message.Envelope.Id);
            var octet = new byte[1];
            Assert.NotNull(body);
            Assert.Equal(message.Envelope.BodySize, body.Length);
            Assert.Equal(1, await body.ReadAsync(body.Length - 1, octet));
            Assert.Equal((byte)'\n', octet[0]);
            messages.Add(message);
        }

        return messages;
    }
}
