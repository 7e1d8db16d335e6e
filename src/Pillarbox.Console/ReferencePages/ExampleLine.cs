using System.Globalization;
using System.Text.RegularExpressions;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.ReferencePages;

/// <summary>A line of an example session.</summary>
internal static partial class ExampleLine
{
    /// <summary>
    /// The lines in which the code stands: the enhanced one where there is one, one of a range where it is a range. What servers and programs say
    /// counts, not what a client says. An example may show a code in its other class; then that one.
    /// </summary>
    public static IReadOnlySet<string> Stressed(IReadOnlyList<string> lines, Explanation meaning)
    {
        var sought = meaning.Enhanced ?? meaning.Code?.ToString(CultureInfo.InvariantCulture) ?? "";
        var said = lines.Where(line => !line.StartsWith("C:", StringComparison.Ordinal)).ToList();
        var stressed = said.Where(line => HasNumber(line, number => number == sought || IsWithin(number, sought))).ToHashSet(StringComparer.Ordinal);
        if (stressed.Count == 0 && meaning.Enhanced is not null)
            stressed = said.Where(line => HasNumber(line, number => number.Length == sought.Length && number.EndsWith(sought[1..], StringComparison.Ordinal))).ToHashSet(StringComparer.Ordinal);
        return stressed;
    }

    private static bool HasNumber(string line, Func<string, bool> isSought) => Numbers().Matches(line).Any(number => isSought(number.Value));

    // 4.7.550 is within 4.7.500-699.
    private static bool IsWithin(string code, string range)
    {
        if (range.Split('-') is not [var first, var last])
            return false;
        var dot = first.LastIndexOf('.') + 1;
        return code.StartsWith(first.AsSpan(0, dot), StringComparison.Ordinal)
            && int.TryParse(code.AsSpan(dot), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= int.Parse(first.AsSpan(dot), CultureInfo.InvariantCulture)
            && number <= int.Parse(last, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(?<![\w.:])\d+(?:\.\d+)*(?![\w.]*\w)")]
    private static partial Regex Numbers();
}
