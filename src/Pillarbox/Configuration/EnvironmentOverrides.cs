using System.Globalization;

namespace Pillarbox.Configuration;

/// <summary>
/// Settings from the environment: <c>PILLARBOX__QUEUE__STORE</c> is <c>queue.store</c>, <c>PILLARBOX__LISTENERS__0__ADDRESS</c> is
/// <c>listeners[0].address</c>. A single underscore stands for a hyphen. They win over the file's.
/// </summary>
internal static class EnvironmentOverrides
{
    private const string Prefix = "PILLARBOX__";

    /// <summary>Lays the variables over a configuration.</summary>
    public static void Apply(ConfigTable root, IReadOnlyDictionary<string, string> environment, List<Fault> faults)
    {
        // In order, so that LISTENERS__0 comes ahead of LISTENERS__1.
        foreach (var (name, value) in environment.Where(v => v.Key.StartsWith(Prefix, StringComparison.Ordinal)).OrderBy(v => v.Key, NumbersInOrder))
        {
            var origin = new Origin($"environment:{name}");
            var path = name[Prefix.Length..].ToLowerInvariant().Replace("__", "\n", StringComparison.Ordinal).Replace('_', '-').Split('\n');
            if (Set(root, path, new ConfigScalar(value, origin, isText: true)) is { } fault)
                faults.Add(new Fault(origin, string.Join('.', path), fault));
        }
    }

    // By parts, and a number by its value: LISTENERS__10 comes behind LISTENERS__2.
    private static readonly Comparer<string> NumbersInOrder = Comparer<string>.Create((x, y) =>
    {
        var (left, right) = (x.Split("__"), y.Split("__"));
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            var order = IsNumber(left[i], out var one) && IsNumber(right[i], out var other)
                ? one.CompareTo(other)
                : string.CompareOrdinal(left[i], right[i]);
            if (order != 0)
                return order;
        }

        return left.Length.CompareTo(right.Length);
    });

    private static bool IsNumber(string part, out uint number) => uint.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Sets one value.</summary>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public static string? Set(ConfigTable root, string[] path, ConfigScalar value)
    {
        ConfigNode node = root;
        for (var i = 0; i < path.Length; i++)
        {
            var isLast = i == path.Length - 1;
            // Whether the next part is a number says whether what is made here is a list.
            ConfigNode Make() => isLast ? value : Next(path[i + 1]) ? new ConfigList(value.Origin) : new ConfigTable(value.Origin);
            switch (node)
            {
                case ConfigTable table:
                    if (isLast || !table.Entries.TryGetValue(path[i], out var child) || child is ConfigScalar)
                        table.Set(path[i], child = Make());
                    node = child;
                    break;
                case ConfigList list:
                    if (!int.TryParse(path[i], NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index > list.Items.Count)
                        return $"there is no item {path[i]}; the next one is {list.Items.Count}";
                    if (index == list.Items.Count)
                        list.Add(Make());
                    else if (isLast)
                        list.Set(index, value);
                    node = list.Items[index];
                    break;
                default:
                    return "a value stands where a table is needed";
            }
        }

        return null;

        static bool Next(string part) => part.Length > 0 && part.All(char.IsAsciiDigit);
    }
}
