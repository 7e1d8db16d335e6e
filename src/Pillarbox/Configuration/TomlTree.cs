using System.Diagnostics.CodeAnalysis;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Pillarbox.Configuration;

/// <summary>Reads TOML into nodes that know their lines, and says every fault of its syntax.</summary>
internal sealed class TomlTree
{
    private readonly string _file;
    private readonly List<Fault> _faults;

    private TomlTree(string file, List<Fault> faults)
    {
        _file = file;
        _faults = faults;
    }

    /// <summary>Reads a document.</summary>
    /// <param name="text">The document.</param>
    /// <param name="file">What faults call it.</param>
    /// <param name="faults">Takes the faults.</param>
    public static ConfigTable Read(string text, string file, List<Fault> faults)
    {
        var tree = new TomlTree(file, faults);
        // The parser's own validation would stop at what is given twice; here every such key is told with its path.
        if (!TryParse(text, file, out var document, out var broken))
        {
            faults.Add(broken);
            return new ConfigTable(new Origin(file, 1));
        }

        // One a line: what else the parser says of it mostly follows from the first.
        foreach (var diagnostic in document.Diagnostics.Where(d => d.Kind == DiagnosticMessageKind.Error).DistinctBy(d => d.Span.Start.Line))
            faults.Add(new Fault(new Origin(file, diagnostic.Span.Start.Line + 1), "", $"not TOML: {diagnostic.Message.TrimEnd('.')}"));

        var root = new ConfigTable(new Origin(file, 1));
        tree.AddPairs(root, document.KeyValues, "");
        var defined = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in document.Tables)
            tree.AddTable(root, table, defined);
        return root;
    }

    // Two faults the parser does not tell like the others. It throws where values are nested beyond its depth, and where a file ends
    // within an escape: there it tries to show the character that is not there.
    private static bool TryParse(string text, string file, [NotNullWhen(true)] out DocumentSyntax? document, [NotNullWhen(false)] out Fault? fault)
    {
        document = null;
        fault = null;
        try
        {
            document = SyntaxParser.Parse(text, file, validate: false);
            return true;
        }
        catch (TomlException tooDeep)
        {
            fault = new Fault(new Origin(file, tooDeep.Line ?? 1), "", "not TOML that could be a configuration: values are nested too deep");
        }
        catch (ArgumentOutOfRangeException)
        {
            fault = new Fault(new Origin(file, text.Count(c => c == '\n') + 1), "", "not TOML: the file ends within an escape of a text");
        }

        return false;
    }

    private void AddTable(ConfigTable root, TableSyntaxBase syntax, HashSet<string> defined)
    {
        if (syntax.Name is null)
            return;

        var names = Names(syntax.Name);
        var origin = OriginOf(syntax);
        var parent = Descend(root, names.AsSpan(0, names.Length - 1), origin, out var path);
        if (parent is null)
            return;

        var last = names[^1];
        var full = path + last;
        if (syntax is TableArraySyntax)
        {
            var table = new ConfigTable(origin);
            if (!parent.Entries.TryGetValue(last, out var existing))
            {
                existing = new ConfigList(origin);
                parent.TryAdd(last, existing);
            }

            if (existing is ConfigList list && list.Items.All(item => item is ConfigTable))
            {
                list.Add(table);
                AddPairs(table, syntax.Items, $"{full}[{list.Items.Count - 1}].");
            }
            else
                Twice(origin, full, existing);

            return;
        }

        var target = Descend(root, names, origin, out _);
        if (target is null)
            return;
        if (!defined.Add($"{full}@{target.Origin}"))
            Twice(origin, full, target);
        else
            AddPairs(target, syntax.Items, full + ".");
    }

    private void AddPairs(ConfigTable table, IEnumerable<SyntaxNode> pairs, string path)
    {
        foreach (var pair in pairs.OfType<KeyValueSyntax>())
        {
            if (pair.Key is null || pair.Value is null)
                continue;
            var names = Names(pair.Key);
            var origin = OriginOf(pair);
            var parent = Descend(table, names.AsSpan(0, names.Length - 1), origin, out var within);
            if (parent is null)
                continue;
            var full = path + within + names[^1];
            if (!parent.TryAdd(names[^1], Value(pair.Value, origin, full)))
                Twice(origin, full, parent.Entries[names[^1]]);
        }
    }

    // The table that the names lead to, made where it is not there; of an array of tables, the last one (TOML 1.0, "Array of Tables").
    private ConfigTable? Descend(ConfigTable table, ReadOnlySpan<string> names, Origin origin, out string path)
    {
        path = "";
        foreach (var name in names)
        {
            if (!table.Entries.TryGetValue(name, out var node))
            {
                node = new ConfigTable(origin);
                table.TryAdd(name, node);
            }

            path += name;
            if (node is ConfigList { Items.Count: > 0 } list)
            {
                path += $"[{list.Items.Count - 1}]";
                node = list.Items[^1];
            }

            if (node is not ConfigTable inner)
            {
                Twice(origin, path, node);
                return null;
            }

            table = inner;
            path += ".";
        }

        return table;
    }

    private ConfigNode Value(ValueSyntax syntax, Origin origin, string path)
    {
        switch (syntax)
        {
            case StringValueSyntax text:
                return new ConfigScalar(text.Value ?? "", origin);
            case IntegerValueSyntax number:
                return new ConfigScalar(number.Value, origin);
            case BooleanValueSyntax flag:
                return new ConfigScalar(flag.Value, origin);
            case ArraySyntax array:
                var list = new ConfigList(origin);
                foreach (var item in array.Items.OfType<ArrayItemSyntax>())
                {
                    if (item.Value is { } value)
                        list.Add(Value(value, OriginOf(value), $"{path}[{list.Items.Count}]"));
                }

                return list;
            case InlineTableSyntax inline:
                var table = new ConfigTable(origin);
                AddPairs(table, inline.Items.OfType<InlineTableItemSyntax>().Select(item => item.KeyValue).OfType<SyntaxNode>(), path + ".");
                return table;
            default:
                // A date or a floating point number: no setting has one, so its kind will say what it wants instead.
                return new ConfigScalar(syntax, origin);
        }
    }

    private Origin OriginOf(SyntaxNodeBase node) => new(_file, node.Span.Start.Line + 1);

    private void Twice(Origin origin, string key, ConfigNode first) =>
        _faults.Add(new Fault(origin, key, $"given twice, first on line {first.Origin.Line}; keep one"));

    private static string[] Names(KeySyntax key) =>
        [Name(key.Key), .. key.DotKeys.OfType<DottedKeyItemSyntax>().Select(item => Name(item.Key))];

    private static string Name(BareKeyOrStringValueSyntax? syntax) => syntax switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? "",
        StringValueSyntax text => text.Value ?? "",
        _ => "",
    };
}
