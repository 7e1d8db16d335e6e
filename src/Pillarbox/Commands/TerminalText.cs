namespace Pillarbox.Commands;

/// <summary>Prints text for people: plain, but on a terminal with its headings bold and the lines of sessions dimmed.</summary>
internal static class TerminalText
{
    private const string Bold = "\u001b[1m";
    private const string Dim = "\u001b[2m";
    private const string Normal = "\u001b[0m";

    // https://no-color.org; a terminal that knows no sequences calls itself dumb.
    private static readonly bool IsStyled = !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";

    /// <summary>Prints lines; the first one after an empty line is a heading.</summary>
    public static void Print(IReadOnlyList<string> lines)
    {
        var heading = true;
        foreach (var line in lines)
        {
            Console.Out.WriteLine(Styled(line, heading));
            heading = line.Length == 0;
        }
    }

    private static string Styled(string line, bool heading)
    {
        if (!IsStyled || line.Length == 0)
            return line;
        if (line.StartsWith("  ", StringComparison.Ordinal))
            return line.StartsWith("  S: ", StringComparison.Ordinal) || line.StartsWith("  C: ", StringComparison.Ordinal) ? $"{Dim}{line}{Normal}" : line;
        return heading ? $"{Bold}{line}{Normal}" : line;
    }
}
