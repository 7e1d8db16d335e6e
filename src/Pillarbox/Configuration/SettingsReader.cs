using Pillarbox.Configuration.Values;

namespace Pillarbox.Configuration;

/// <summary>Walks a configuration along the table of keys: what is unknown, of the wrong type, out of range or missing becomes a fault.</summary>
internal sealed class SettingsReader
{
    private readonly Settings _settings;
    private readonly ReadingContext _context;

    private SettingsReader(Settings settings, ReadingContext context)
    {
        _settings = settings;
        _context = context;
    }

    /// <summary>Reads every value.</summary>
    public static Settings Read(ConfigTable root, ReadingContext context, IEnumerable<Fault> faults)
    {
        var settings = new Settings(root.Origin, context);
        foreach (var fault in faults)
            settings.Fault(fault);
        new SettingsReader(settings, context).ReadTable(root, "", "");
        return settings;
    }

    // path names this table's place, such as "listeners[0]."; pattern the rows of the table of keys, such as "listeners[].".
    private void ReadTable(ConfigTable table, string path, string pattern)
    {
        foreach (var (name, node) in table.Entries)
        {
            var key = Keys.Find(pattern + name) ?? Keys.Find(pattern + name + "[]");
            if (key is { IsAvailable: true })
                ReadValue(key, path + name, node);
            else if (key is not null)
                Fault(node, path + name, "not available yet; leave it out");
            else if (Keys.HasWithin(pattern + name + "[]"))
                ReadTables(node, path + name, pattern + name + "[]");
            else if (Keys.HasWithin(pattern + name))
                ReadInner(node, path + name, pattern + name);
            else
                Fault(node, path + name, $"unknown key; {Suggestion(name, pattern)}");
        }

        foreach (var key in Keys.All)
        {
            if (key.Required && key.Name.StartsWith(pattern, StringComparison.Ordinal) && key.Name.IndexOf('.', pattern.Length) < 0
                && !table.Entries.ContainsKey(key.Name[pattern.Length..]))
                Fault(table, path + key.Name[pattern.Length..], $"is missing; write {key.Kind!.Form}");
        }
    }

    private void ReadValue(Key key, string path, ConfigNode node)
    {
        var reading = key.Kind!.Read(node, _context);
        if (reading.Fault is { } fault)
            Fault(node, path, fault);
        else
            _settings.SetValue(path, reading.Value!, node.Origin);
    }

    private void ReadInner(ConfigNode node, string path, string pattern)
    {
        if (node is not ConfigTable table)
        {
            Fault(node, path, $"is a table; write [{path}] above its keys");
            return;
        }

        _settings.SetTable(path, table.Origin);
        ReadTable(table, path + ".", pattern + ".");
    }

    private void ReadTables(ConfigNode node, string path, string pattern)
    {
        if (node is not ConfigList list || list.Items.Any(item => item is not ConfigTable))
        {
            Fault(node, path, $"is an array of tables; write [[{path}]] above the keys of each");
            return;
        }

        _settings.SetCount(path, list.Items.Count);
        for (var i = 0; i < list.Items.Count; i++)
        {
            var table = (ConfigTable)list.Items[i];
            _settings.SetTable($"{path}[{i}]", table.Origin);
            ReadTable(table, $"{path}[{i}].", pattern + ".");
        }
    }

    // The nearest name in the same table; else a key of that very name elsewhere; else what the table may hold.
    private static string Suggestion(string name, string pattern)
    {
        if (Nearest.Of(name, Keys.Within(pattern)) is { } near)
            return $"did you mean {near}?";
        if (Keys.All.FirstOrDefault(key => key.Name.EndsWith("." + name, StringComparison.Ordinal)) is { } elsewhere)
            return $"did you mean {elsewhere.Name}?";
        return $"the keys here are {string.Join(", ", Keys.Within(pattern))}";
    }

    private void Fault(ConfigNode node, string key, string message) => _settings.Fault(new Fault(node.Origin, key, message));
}
