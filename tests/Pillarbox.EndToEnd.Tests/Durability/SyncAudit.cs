using System.Text;

namespace Pillarbox.EndToEnd.Tests.Durability;

/// <summary>A message that got its 250.</summary>
/// <param name="Token">What its envelope and body hold and no other's.</param>
/// <param name="Reply">The reply.</param>
/// <param name="Large">Whether its body has a file of its own.</param>
internal sealed record Acknowledged(string Token, string Reply, bool Large)
{
    /// <summary>The id that the reply named.</summary>
    public string Id => Reply[(Reply.LastIndexOf(' ') + 1)..];
}

/// <summary>
/// Looks through a trace of the server's system calls for a broken promise: a 250 that began to go out before all that holds its message
/// was synced, by a sync that was issued after the write and had ended by then.
/// </summary>
internal sealed class SyncAudit(List<SystemCall> calls, string queue)
{
    private readonly string _store = Path.Combine(queue, "store");
    private readonly string _bodies = Path.Combine(queue, "bodies");
    private readonly List<SystemCall> _syncs = [.. calls.Where(call => call.Name is "fsync" or "fdatasync" && call.Succeeded)];
    private readonly Lazy<List<WrittenLog>> _logs = new(() =>
        [.. calls.Where(call => IsWrite(call) && call.Path.StartsWith(queue, StringComparison.Ordinal) && call.Path.EndsWith(".log", StringComparison.Ordinal))
            .GroupBy(call => call.Path).Select(group => new WrittenLog(group.Key, [.. group]))]);

    private readonly Lazy<List<(SystemCall Call, string Data)>> _replies = new(() =>
        [.. calls.Where(call => IsWrite(call) && call.Path.StartsWith("socket:", StringComparison.Ordinal)).Select(call => (call, call.Data()))]);

    /// <summary>All that is wrong, a line each; nothing where every promise was kept.</summary>
    public List<string> Faults(IEnumerable<Acknowledged> messages) => [.. messages.SelectMany(FaultsOf), .. FaultsOfDirectories()];

    // What is synced in a directory is lost with the directory's own name.
    private IEnumerable<string> FaultsOfDirectories()
    {
        var first = _replies.Value.FirstOrDefault(reply => reply.Data.Contains("queued as", StringComparison.Ordinal)).Call?.Started ?? int.MaxValue;
        foreach (var directory in new[] { Path.GetDirectoryName(queue)!, queue, _store, _bodies })
        {
            var made = calls.Find(call => call.Name is "mkdir" or "mkdirat" && call.Succeeded && call.Data() == directory);
            if (made is null)
                yield return $"{directory} was not seen to be made";
            else if (!_syncs.Exists(sync => sync.Path == Path.GetDirectoryName(directory) && sync.Started > made.Ended && sync.Ended < first))
                yield return $"the name of {directory} was not synced before the first 250";
        }
    }

    private static bool IsWrite(SystemCall call) =>
        call.Name is "write" or "writev" or "pwrite64" or "pwritev" or "pwritev2" or "sendto" or "sendmsg";

    private IEnumerable<string> FaultsOf(Acknowledged message)
    {
        var who = $"{message.Token} ({message.Id})";
        if (_replies.Value.FirstOrDefault(reply => reply.Data.Contains(message.Id, StringComparison.Ordinal)).Call is not { } reply)
        {
            yield return $"{who}: its 250 is not in the trace";
            yield break;
        }

        // The log's record: the envelope names the token, and so does a small body, which lies beside it.
        if (_logs.Value.Select(log => log.Find(message.Token)).FirstOrDefault(found => found is not null) is not { } record)
        {
            yield return $"{who}: no log holds it";
            yield break;
        }

        if (!IsSynced(record.Last, reply.Started))
            yield return $"{who}: the log that holds it was not synced between its write and the 250";
        if (!IsNameSynced(record.Last.Path, _store, reply.Started))
            yield return $"{who}: the name of the log that holds it was not synced before the 250";
        if (!message.Large)
            yield break;

        var path = Path.Combine(_bodies, message.Id);
        var writes = calls.Where(call => IsWrite(call) && call.Path == path).ToList();
        if (writes.Count == 0)
            yield return $"{who}: its large body was not written to {path}";
        else if (!IsSynced(writes[^1], record.First.Started))
            yield return $"{who}: its body's file was not synced between the last write and the envelope's";
        if (!IsNameSynced(path, _bodies, record.First.Started))
            yield return $"{who}: its body's name was not synced before the envelope was written";
    }

    private bool IsSynced(SystemCall write, int before) =>
        _syncs.Exists(sync => sync.Path == write.Path && sync.Started > write.Ended && sync.Ended < before);

    private bool IsNameSynced(string path, string directory, int before) =>
        calls.Find(call => call.Creates && call.Succeeded && call.Path == path) is { } creation
        && _syncs.Exists(sync => sync.Path == directory && sync.Started > creation.Ended && sync.Ended < before);

    /// <summary>What was written to one of RocksDB's logs, call by call.</summary>
    private sealed class WrittenLog
    {
        // A log is a row of blocks; a record that crosses a border has a header of 7 octets there, which may fall into the token.
        private const int Block = 32 * 1024;
        private const int Header = 7;

        private readonly List<SystemCall> _writes;
        private readonly List<int> _starts = [];
        private readonly string _text;

        public WrittenLog(string path, List<SystemCall> writes)
        {
            Path = path;
            _writes = writes;
            var raw = new StringBuilder();
            foreach (var write in writes)
            {
                _starts.Add(raw.Length);
                raw.Append(write.Data());
            }

            _text = raw.ToString();
        }

        public string Path { get; }

        /// <summary>The calls that wrote the first and the last place that has the token, or <see langword="null"/>.</summary>
        public (SystemCall First, SystemCall Last)? Find(string token)
        {
            var places = Places(token).ToList();
            return places.Count == 0 ? null : (WriteAt(places[0]), WriteAt(places[^1] + token.Length - 1));
        }

        private IEnumerable<int> Places(string token)
        {
            for (var at = _text.IndexOf(token, StringComparison.Ordinal); at >= 0; at = _text.IndexOf(token, at + 1, StringComparison.Ordinal))
                yield return at;

            for (var border = Block; border + Header < _text.Length; border += Block)
            {
                var around = _text[(border - token.Length)..border] + _text[(border + Header)..Math.Min(_text.Length, border + Header + token.Length)];
                if (around.Contains(token, StringComparison.Ordinal))
                    yield return border - token.Length;
            }
        }

        private SystemCall WriteAt(int position)
        {
            var index = _starts.BinarySearch(position);
            return _writes[index >= 0 ? index : ~index - 1];
        }
    }
}
