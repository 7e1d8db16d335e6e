namespace Pillarbox.Commands;

/// <summary>Prints text for people: plain, but on a terminal with its headings bold and the lines of sessions dimmed.</summary>
internal static class TerminalText
{
    private const int Widest = 78;
    private const int Narrowest = 30;
    private const string Bold = "\u001b[1m";
    private const string Dim = "\u001b[2m";
    private const string Normal = "\u001b[0m";

    // https://no-color.org; a terminal that knows no sequences calls itself dumb.
    private static readonly bool IsStyled = !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb";

    /// <summary>Cells of a line: as texts are best read, or what a narrow terminal has.</summary>
    public static int Width => Console.IsOutputRedirected || Console.WindowWidth is 0 or > Widest ? Widest : Math.Max(Console.WindowWidth - 1, Narrowest);

    /// <summary>Prints lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="headings">What of them is a heading; a long one may fill several lines.</param>
    public static void Print(IReadOnlyList<string> lines, params ReadOnlySpan<string> headings)
    {
        foreach (var line in lines)
            Console.Out.WriteLine(IsStyled && line.Length > 0 ? Styled(line, headings) : line);
    }

    private static string Styled(string line, ReadOnlySpan<string> headings)
    {
        if (line is [' ', ' ', 'S' or 'C', ':', ' ', ..])
            return $"{Dim}{line}{Normal}";
        foreach (var heading in headings)
        {
            if (heading.StartsWith(line, StringComparison.Ordinal))
                return $"{Bold}{line}{Normal}";
        }

        return line;
    }
}
