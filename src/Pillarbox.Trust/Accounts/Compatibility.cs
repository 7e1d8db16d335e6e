using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Pillarbox.Trust.Accounts;

/// <summary>
/// NFKC (Unicode Standard Annex 15) as Unicode 3.2 has it, the version that SASLprep is fixed to (RFC 3454 §9). The runtime's own needs
/// a library of the system that servers often lack, and follows a later Unicode.
/// </summary>
internal static class Compatibility
{
    // Hangul syllables are composed by arithmetic (The Unicode Standard 3.12).
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly Lazy<Tables> Data = new(Tables.Load);

    /// <summary>The text in NFKC.</summary>
    public static string Compose(string text)
    {
        var tables = Data.Value;
        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, runes, tables);
        Order(runes, tables);
        return Compose(runes, tables);
    }

    /// <summary>Whether the text has a character that is written from the right.</summary>
    public static bool IsRightToLeft(Rune rune) => Data.Value.Right.Contains(rune.Value);

    /// <summary>Whether the text has a character that is written from the left.</summary>
    public static bool IsLeftToRight(Rune rune) => Data.Value.Left.Contains(rune.Value);

    private static void Decompose(int rune, List<int> output, Tables tables)
    {
        var syllable = rune - SyllableBase;
        if (syllable is >= 0 and < Leads * Vowels * Tails)
        {
            output.Add(LeadBase + (syllable / (Vowels * Tails)));
            output.Add(VowelBase + (syllable % (Vowels * Tails) / Tails));
            if (syllable % Tails != 0)
                output.Add(TailBase + (syllable % Tails));
        }
        else if (tables.Decompositions.TryGetValue(rune, out var parts))
        {
            output.AddRange(parts);
        }
        else
        {
            output.Add(rune);
        }
    }

    // Marks that stand behind a letter are brought into one order; those of one class keep theirs.
    private static void Order(List<int> runes, Tables tables)
    {
        for (var i = 1; i < runes.Count; i++)
        {
            var mark = tables.ClassOf(runes[i]);
            for (var at = i; mark != 0 && at > 0 && tables.ClassOf(runes[at - 1]) > mark; at--)
                (runes[at - 1], runes[at]) = (runes[at], runes[at - 1]);
        }
    }

    private static string Compose(List<int> runes, Tables tables)
    {
        var output = new List<int>(runes.Count);
        var starter = -1;
        var last = -1;
        foreach (var rune in runes)
        {
            var mark = tables.ClassOf(rune);
            if (starter >= 0 && (last < mark || (last == 0 && output.Count == starter + 1)) && Pair(output[starter], rune, tables) is { } composed)
            {
                output[starter] = composed;
                continue;
            }

            if (mark == 0)
                starter = output.Count;
            last = mark;
            output.Add(rune);
        }

        return string.Concat(output.Select(rune => new Rune(rune).ToString()));
    }

    private static int? Pair(int first, int second, Tables tables)
    {
        if (first is >= LeadBase and < LeadBase + Leads && second is >= VowelBase and < VowelBase + Vowels)
            return SyllableBase + ((((first - LeadBase) * Vowels) + (second - VowelBase)) * Tails);
        if (first is >= SyllableBase and < SyllableBase + (Leads * Vowels * Tails) && (first - SyllableBase) % Tails == 0 && second is > TailBase and < TailBase + Tails)
            return first + (second - TailBase);
        return tables.Pairs.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private sealed record Tables(
        FrozenDictionary<int, int[]> Decompositions, FrozenDictionary<int, int> Classes, FrozenDictionary<(int, int), int> Pairs, Ranges Right, Ranges Left)
    {
        public int ClassOf(int rune) => Classes.GetValueOrDefault(rune);

        public static Tables Load()
        {
            using var stream = typeof(Compatibility).Assembly.GetManifestResourceStream("unicode-3.2.txt")!;
            var octets = new byte[stream.Length];
            stream.ReadExactly(octets);
            var rows = Encoding.ASCII.GetString(octets).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(' ')).ToLookup(row => row[0]);
            return new Tables(
                rows["D"].ToFrozenDictionary(row => Hex(row[1]), row => Array.ConvertAll(row[2..], Hex)),
                rows["C"].ToFrozenDictionary(row => Hex(row[1]), row => int.Parse(row[2], CultureInfo.InvariantCulture)),
                rows["P"].ToFrozenDictionary(row => (Hex(row[2]), Hex(row[3])), row => Hex(row[1])),
                Ranges.Of(rows["R"]),
                Ranges.Of(rows["L"]));
        }

        public static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private sealed record Ranges((int First, int Last)[] All)
    {
        public static Ranges Of(IEnumerable<string[]> rows) => new([.. rows.Select(row => (Tables.Hex(row[1]), Tables.Hex(row[2])))]);

        public bool Contains(int rune) => Array.Exists(All, range => rune >= range.First && rune <= range.Last);
    }
}
