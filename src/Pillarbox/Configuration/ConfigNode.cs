namespace Pillarbox.Configuration;

/// <summary>A piece of a configuration before anything is known of its meaning, and where it stood.</summary>
internal abstract class ConfigNode(Origin origin)
{
    /// <summary>Where it was given.</summary>
    public Origin Origin { get; } = origin;
}

/// <summary>Names and what they hold, in the order given.</summary>
internal sealed class ConfigTable(Origin origin) : ConfigNode(origin)
{
    private readonly OrderedDictionary<string, ConfigNode> _entries = new(StringComparer.Ordinal);

    /// <summary>What the table holds.</summary>
    public IReadOnlyDictionary<string, ConfigNode> Entries => _entries;

    /// <summary>Adds a name; false where the table has it.</summary>
    public bool TryAdd(string name, ConfigNode node) => _entries.TryAdd(name, node);

    /// <summary>Puts a node in the place of what was there.</summary>
    public void Set(string name, ConfigNode node) => _entries[name] = node;
}

/// <summary>An array, or an array of tables.</summary>
internal sealed class ConfigList(Origin origin) : ConfigNode(origin)
{
    private readonly List<ConfigNode> _items = [];

    /// <summary>What the list holds.</summary>
    public IReadOnlyList<ConfigNode> Items => _items;

    /// <summary>Adds at the end.</summary>
    public void Add(ConfigNode node) => _items.Add(node);

    /// <summary>Puts a node in the place of another.</summary>
    public void Set(int index, ConfigNode node) => _items[index] = node;
}

/// <summary>A value: <see cref="string"/>, <see cref="long"/>, <see cref="bool"/>, or of a type that no setting has.</summary>
/// <param name="value">The value.</param>
/// <param name="origin">Where it was given.</param>
/// <param name="isText">Whether it came as text without a type, as from the environment, so that its kind decides what it means.</param>
internal sealed class ConfigScalar(object value, Origin origin, bool isText = false) : ConfigNode(origin)
{
    /// <summary>The value.</summary>
    public object Value { get; } = value;

    /// <summary>Whether the kind of the setting decides what the text means.</summary>
    public bool IsText { get; } = isText;
}
