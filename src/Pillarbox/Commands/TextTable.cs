using Spectre.Console;

namespace Pillarbox.Commands;

/// <summary>Tables for people: without lines, cut nowhere.</summary>
internal static class TextTable
{
    // What a line has where standard output is no terminal: replies are long, and must not be cut.
    private const int WidthOfFiles = 400;

    /// <summary>A table with columns of these names.</summary>
    public static Table Create(params string[] columns) => new Table().Border(TableBorder.None).AddColumns([.. columns.Select(name => new TableColumn(new Text(name)))]);

    /// <summary>Prints it.</summary>
    public static void Write(Table table)
    {
        if (!Console.IsOutputRedirected)
        {
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }).Write(table);
            return;
        }

        // A file or a pipe gets the lines without the blanks that fill them.
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = WidthOfFiles;
        console.Write(table);
        foreach (var line in text.ToString().TrimEnd().Split('\n'))
            Console.Out.WriteLine(line.TrimEnd());
    }
}
