using System.CommandLine;
using System.CommandLine.Invocation;

namespace Pillarbox.Commands;

/// <summary>The command line: every command of the program, and how it ends.</summary>
internal static class PillarboxCommand
{
    /// <summary>Parses, runs, and says how it went as an exit status.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        // An argument that begins with @ is an argument, not the name of a file with more of them.
        var result = Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is ParseErrorAction errors)
        {
            errors.ShowHelp = false;
            await result.InvokeAsync();
            await Console.Error.WriteLineAsync($"See: pillarbox {Path(result)}--help");
            return ExitCode.Usage;
        }

        try
        {
            // Signals are the host's to handle while serving; elsewhere the default, to end at once, is right.
            return await result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (CommandFault fault)
        {
            await Console.Error.WriteLineAsync($"pillarbox: {fault.Message}");
            return fault.ExitCode;
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Pillarbox, an SMTP server that keeps every promise it makes and explains every reply it gives.");
        root.Add(ServeCommand.Create());
        root.Add(CheckCommand.Create());
        root.Add(ExplainCommand.Create());
        root.Add(AccountCommand.Create());
        return root;
    }

    // The names of the commands that were given, each followed by a space.
    private static string Path(ParseResult result)
    {
        var path = "";
        for (var command = result.CommandResult; command is not null; command = command.Parent as System.CommandLine.Parsing.CommandResult)
        {
            if (command.Command is not RootCommand)
                path = $"{command.Command.Name} {path}";
        }

        return path;
    }
}
