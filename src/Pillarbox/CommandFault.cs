using System.Globalization;
using System.Text;

namespace Pillarbox;

/// <summary>Ends a command: its message, one line, goes to standard error.</summary>
internal sealed class CommandFault : Exception
{
    public CommandFault()
    {
    }

    public CommandFault(string message)
        : base(message)
    {
    }

    public CommandFault(string message, Exception? cause)
        : base(message, cause)
    {
    }

    /// <summary>The exit status.</summary>
    public int ExitCode { get; init; } = Pillarbox.ExitCode.Refused;

    /// <summary>What somebody gave, as a fault can repeat it: in one line, not too long, and without what steers a terminal.</summary>
    public static string Quote(string text)
    {
        const int Longest = 200;
        var runes = text.EnumerateRunes().Take(Longest + 1).ToList();
        var plain = string.Concat(runes.Take(Longest).Select(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format ? " " : rune.ToString()));
        return runes.Count > Longest ? $"{plain}..." : plain;
    }
}
