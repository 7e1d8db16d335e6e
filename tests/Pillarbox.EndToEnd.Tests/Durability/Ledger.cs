using System.Collections.Concurrent;
using System.Globalization;
using Pillarbox.Queue;

namespace Pillarbox.EndToEnd.Tests.Durability;

/// <summary>Who was promised what, what arrived how often, and what the store knew at each kill.</summary>
internal sealed class Ledger(TestServer server)
{
    private readonly record struct Delivery(string Token, string Domain);

    private readonly ConcurrentDictionary<Delivery, bool> _promised = new();
    private readonly Dictionary<Delivery, int> _arrived = [];
    private readonly Dictionary<Delivery, int> _excused = [];
    private readonly HashSet<string> _read = [];
    private HashSet<Delivery> _queued = [];
    private int _kills;

    /// <summary>Copies that had to be sent to recipients in all.</summary>
    public int AcknowledgedCount => _promised.Count;

    /// <summary>The token of a message that lies in the queue.</summary>
    public static string TokenOf(QueuedMessage message) => message.Envelope.Sender!.LocalPart.ToString();

    /// <summary>Whether that message got its 250.</summary>
    public bool IsAcknowledged(string token) => _promised.Keys.Any(promise => promise.Token == token);

    /// <summary>A message got its 250.</summary>
    public void Acknowledged(string token, IEnumerable<string> recipients)
    {
        foreach (var recipient in recipients)
            _promised[new(token, recipient[(recipient.IndexOf('@', StringComparison.Ordinal) + 1)..])] = true;
    }

    /// <summary>Waits until the hops have nothing more to read.</summary>
    public async Task WaitForQuietAsync()
    {
        long before;
        var now = -1L;
        do
        {
            before = now;
            await Task.Delay(200);
            now = Files().Sum(file => File.Exists(file.Path) ? new FileInfo(file.Path).Length : 0);
        }
        while (now != before);
        ReadDeliveries();
    }

    /// <summary>Takes note of what arrived since the last time. A file that holds half a message counts for nothing.</summary>
    public void ReadDeliveries()
    {
        foreach (var (path, domain) in Files())
        {
            if (_read.Contains(path) || TestMessage.TokenOfWhole(File.ReadAllText(path, System.Text.Encoding.Latin1)) is not { } token)
                continue;
            _read.Add(path);
            var delivery = new Delivery(token, domain);
            _arrived[delivery] = _arrived.GetValueOrDefault(delivery) + 1;
        }
    }

    /// <summary>The server was killed, and this is what its store holds.</summary>
    public void Killed(IReadOnlyList<QueuedMessage> queued)
    {
        _kills++;
        _queued = [.. from message in queued
                      from recipient in Enumerable.Range(0, message.Recipients.Length)
                      where message.Recipients[recipient] is not null
                      select new Delivery(TokenOf(message), message.Envelope.Recipients[recipient].Address.Domain.ToString())];

        // Arrived and yet to be sent: its outcome was not recorded, so it comes once more.
        foreach (var delivery in _queued.Where(_arrived.ContainsKey))
            _excused[delivery] = _excused.GetValueOrDefault(delivery) + 1;
    }

    /// <summary>What was acknowledged and is neither delivered nor queued: a broken promise.</summary>
    public List<string> Lost() => [.. _promised.Keys.Where(promise => !_arrived.ContainsKey(promise) && !_queued.Contains(promise)).Select(lost => $"{lost}")];

    /// <summary>What was acknowledged and has not arrived.</summary>
    public List<string> Undelivered() => [.. _promised.Keys.Where(promise => !_arrived.ContainsKey(promise)).Select(missing => $"{missing}")];

    /// <summary>What arrived more often than the store's ignorance explains.</summary>
    public List<string> Inexplicable() =>
        [.. _arrived.Where(arrived => arrived.Value > 1 + _excused.GetValueOrDefault(arrived.Key))
            .Select(arrived => $"{arrived.Key} came {arrived.Value} times, {_excused.GetValueOrDefault(arrived.Key)} of them explained")];

    /// <summary>The figures.</summary>
    public string Summary() => string.Create(CultureInfo.InvariantCulture,
        $"kill -9: {_kills} kills; {_promised.Count} copies promised, {_arrived.Count} arrived, "
        + $"{_arrived.Values.Sum(times => times - 1)} of them came again ({_excused.Values.Sum()} times a kill found a delivery that was not recorded)");

    private IEnumerable<(string Path, string Domain)> Files() =>
        InDirectory(server["sink"], "sink.test")
            .Concat(InDirectory(server["later"], "later.test"))
            .Concat(InDirectory(Path.Combine(server.Maildir, "new"), "box.test"));

    private static IEnumerable<(string Path, string Domain)> InDirectory(string directory, string domain) =>
        Directory.Exists(directory) ? Directory.EnumerateFiles(directory).Select(path => (path, domain)) : [];
}
