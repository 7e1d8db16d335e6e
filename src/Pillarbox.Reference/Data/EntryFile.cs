using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Pillarbox.Reference.Data;

/// <summary>Reads one entry of a data file from its JSON object.</summary>
internal delegate T EntryParser<out T>(ref Utf8JsonReader reader);

/// <summary>
/// A data file: one JSON object with an entry a key. Opening it notes where each entry lies; an entry is parsed when it
/// is first asked for. Thus a process that explains one reply and ends pays for one entry, not for all.
/// </summary>
internal sealed class EntryFile<T>
    where T : class
{
    // The files are indented by two spaces a level, so a line with two is one of the outermost object's; within a string no line ends.
    private static ReadOnlySpan<byte> KeyStart => "\n  \""u8;

    private readonly byte[] _bytes;
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, T> _entries = new(StringComparer.Ordinal);
    private readonly EntryParser<T> _parse;

    private EntryFile(byte[] bytes, EntryParser<T> parse)
    {
        _bytes = bytes;
        _parse = parse;
        var at = 0;
        while (bytes.AsSpan(at).IndexOf(KeyStart) is >= 0 and var next)
        {
            var key = at + next + KeyStart.Length;
            var length = bytes.AsSpan(key).IndexOf((byte)'"');
            _index.Add(Encoding.UTF8.GetString(bytes, key, length), key + length + 2);
            at = key + length;
        }
    }

    /// <summary>Every key, in the file's order.</summary>
    public IEnumerable<string> Keys => _index.Keys;

    /// <summary>Opens an embedded file; null where there is none of that name.</summary>
    public static EntryFile<T>? Open(string resource, EntryParser<T> parse)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource);
        if (stream is null)
            return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new EntryFile<T>(bytes, parse);
    }

    /// <summary>Whether there is an entry of that key.</summary>
    public bool Has(string key) => _index.ContainsKey(key);

    /// <summary>The entry, or null.</summary>
    public T? Find(string key)
    {
        if (_entries.TryGetValue(key, out var entry))
            return entry;
        if (!_index.TryGetValue(key, out var start))
            return null;
        var reader = new Utf8JsonReader(_bytes.AsSpan(start));
        reader.Read();
        return _entries.GetOrAdd(key, _parse(ref reader));
    }
}
