using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Pillarbox.Configuration.Values;

namespace Pillarbox.Configuration;

/// <summary>The values of a configuration by key, checked one by one; what holds between them is <see cref="Rules"/>' matter.</summary>
internal sealed partial class Settings(Origin start, ReadingContext context)
{
    private readonly Dictionary<string, (object Value, Origin Origin)> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Origin> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<Fault> _faults = [];

    /// <summary>What is wrong, in the order of the file.</summary>
    public IReadOnlyList<Fault> Faults => _faults;

    /// <summary>The value of a key such as <c>listeners[0].tls</c>, or its default.</summary>
    /// <exception cref="InvalidOperationException">The key has neither: ask <see cref="IsGiven"/> or <see cref="IsSound"/> first.</exception>
    public T Get<T>(string key)
    {
        if (_values.TryGetValue(key, out var given))
            return (T)given.Value;
        var row = Keys.Find(Pattern(key)) ?? throw new InvalidOperationException($"{key} is not in the table of keys");
        var text = row.Default ?? throw new InvalidOperationException($"{key} is not given and has no default");
        var reading = row.Kind!.Read(new ConfigScalar(text, start, isText: true), context);
        return (T)(reading.Value ?? throw new InvalidOperationException($"the default of {key}: {reading.Fault}"));
    }

    /// <summary>The values of a key that holds an array.</summary>
    public ImmutableArray<T> GetList<T>(string key) => [.. Get<ImmutableArray<object>>(key).Cast<T>()];

    /// <summary>The value of a key without a default, or <see langword="null"/>.</summary>
    public T? Find<T>(string key)
        where T : class => _values.TryGetValue(key, out var given) ? (T)given.Value : null;

    /// <summary>Whether a value was given and is sound.</summary>
    public bool IsGiven(string key) => _values.ContainsKey(key);

    /// <summary>Whether no fault stands at a key or within a table.</summary>
    public bool IsSound(string key) => !_faults.Exists(fault => fault.Key == key
        || (fault.Key.StartsWith(key, StringComparison.Ordinal) && fault.Key[key.Length] is '.' or '['));

    /// <summary>How many tables an array of tables has.</summary>
    public int Count(string key) => _counts.GetValueOrDefault(key);

    /// <summary>The tables of an array of tables, by key, that have no fault.</summary>
    public IEnumerable<string> SoundItems(string key) =>
        Enumerable.Range(0, Count(key)).Select(index => $"{key}[{index}]").Where(IsSound);

    /// <summary>Where a key was given; else where its table begins; else where the configuration does.</summary>
    public Origin OriginOf(string key)
    {
        if (_values.TryGetValue(key, out var given))
            return given.Origin;
        while (key.LastIndexOf('.') is > 0 and var dot)
        {
            key = key[..dot];
            if (_tables.TryGetValue(key, out var origin))
                return origin;
        }

        return _tables.GetValueOrDefault(key, start);
    }

    /// <summary>The rows of the table of keys whose values are others than in <paramref name="earlier"/>, or given in other number.</summary>
    public IEnumerable<Key> ChangesSince(Settings earlier) =>
        _values.Keys.Union(earlier._values.Keys)
            .Where(key => !Same(_values.GetValueOrDefault(key).Value, earlier._values.GetValueOrDefault(key).Value))
            .Select(key => Keys.Find(Pattern(key))!)
            .Distinct();

    private static bool Same(object? one, object? other) =>
        one is ImmutableArray<object> many && other is ImmutableArray<object> others ? many.SequenceEqual(others) : Equals(one, other);

    /// <summary>Notes a fault at the place of a key.</summary>
    public void Fault(string key, string message) => _faults.Add(new Fault(OriginOf(key), key, message));

    /// <summary>Notes a fault elsewhere.</summary>
    public void Fault(Fault fault) => _faults.Add(fault);

    internal void SetValue(string key, object value, Origin origin) => _values[key] = (value, origin);

    internal void SetTable(string key, Origin origin) => _tables[key] = origin;

    internal void SetCount(string key, int count) => _counts[key] = count;

    private static string Pattern(string key) => Index().Replace(key, "[]");

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();
}
