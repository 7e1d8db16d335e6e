using System.Collections.Concurrent;

namespace Pillarbox.Reference.Data;

/// <summary>
/// The facts: a file a basic code, with its pairs, and a file an enhanced code, in all its classes. A file is opened when one of
/// its keys is first asked for.
/// </summary>
internal static class CodeFiles
{
    private const string Prefix = "codes.";

    private static readonly Dictionary<string, string> Resources =
        typeof(CodeFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[Prefix.Length..^".json".Length], StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, EntryFile<Facts>> Opened = new(StringComparer.Ordinal);

    /// <summary>The ranges of enhanced codes that vendors have.</summary>
    private static readonly EnhancedCode[] Ranges = FindRanges();

    /// <summary>The keys of all files.</summary>
    public static IEnumerable<string> AllKeys => Resources.Keys.Order(StringComparer.Ordinal).SelectMany(name => Open(name)!.Keys);

    /// <summary>Each file's name and its keys.</summary>
    public static IEnumerable<(string Name, IEnumerable<string> Keys)> All => Resources.Keys.Select(name => (name, Open(name)!.Keys));

    /// <summary>The facts of a key, or null.</summary>
    public static Facts? Find(string key) => Open(FileOf(key))?.Find(key);

    /// <summary>Whether there are facts of that key.</summary>
    public static bool Has(string key) => Open(FileOf(key))?.Has(key) ?? false;

    /// <summary>The range that a code lies in, or null.</summary>
    public static EnhancedCode? RangeOf(EnhancedCode code)
    {
        foreach (var range in Ranges)
        {
            if (range.Holds(code))
                return range;
        }

        return null;
    }

    // A loop: a query over values of our own would be compiled anew in each process, in most of which one reply is explained.
    private static EnhancedCode[] FindRanges()
    {
        string[] names = [.. Resources.Keys.Where(name => name.Contains('-', StringComparison.Ordinal))];
        var ranges = new EnhancedCode[names.Length];
        for (var i = 0; i < names.Length; i++)
            ranges[i] = EnhancedCode.TryParse(names[i], out var range) ? range : throw new InvalidDataException($"{names[i]} is no range of codes");
        return ranges;
    }

    private static EntryFile<Facts>? Open(string name) =>
        Resources.TryGetValue(name, out var resource)
            ? Opened.GetOrAdd(name, static (_, resource) => EntryFile<Facts>.Open(resource, Facts.Parse)!, resource)
            : null;

    // "535 5.7.8@AUTH" is in 535, "5.7.8" and "X.7.8@MAIL" are in X.7.8, a range is in a file of its own.
    private static string FileOf(string key)
    {
        if (key.Length < 3)
            return key;
        if (char.IsAsciiDigit(key[1]))
            return key[..3];
        var end = key.IndexOf('@', StringComparison.Ordinal);
        var code = end < 0 ? key : key[..end];
        return code.Contains('-', StringComparison.Ordinal) ? code : $"X{code.AsSpan(1)}";
    }
}
