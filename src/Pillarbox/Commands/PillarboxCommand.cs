using System.CommandLine;
using System.CommandLine.Invocation;
using Pillarbox.Commands.Queue;
using Pillarbox.Commands.Send;
using Pillarbox.Configuration.Values;

namespace Pillarbox.Commands;

/// <summary>The command line: every command of the program, and how it ends.</summary>
internal static class PillarboxCommand
{
    /// <summary>Parses, runs, and says how it went as an exit status.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        // An argument that begins with @ is an argument, not the name of a file with more of them.
        var result = Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is ParseErrorAction)
        {
            await Console.Error.WriteLineAsync($"pillarbox: {UsageFault(result)}; see: pillarbox {Path(result)}--help");
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
        catch (Exception unforeseen)
        {
            // Whatever it is, people get one line and a status that says no; its kind helps whoever mends it.
            await Console.Error.WriteLineAsync($"pillarbox: {unforeseen.GetType().Name}: {unforeseen.Message.ReplaceLineEndings(" ")}");
            return ExitCode.Refused;
        }
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("Pillarbox, an SMTP server that keeps every promise it makes and explains every reply it gives.");
        root.Add(ServeCommand.Create());
        root.Add(CheckCommand.Create());
        root.Add(ExplainCommand.Create());
        root.Add(CompareCommand.Create());
        root.Add(CodesCommand.Create());
        root.Add(SendCommand.Create());
        root.Add(QueueCommand.Create());
        root.Add(AccountCommand.Create());
        return root;
    }

    // What is wrong in one line: an unknown word says more than what is missing because of it.
    private static string UsageFault(ParseResult result)
    {
        if (result.UnmatchedTokens is not [var word, ..])
            return result.Errors.Count > 0 ? result.Errors[0].Message.TrimEnd('.') : "wrong usage";

        var command = result.CommandResult.Command;
        var isOption = word.StartsWith('-');
        var known = isOption ? command.Options.Select(option => option.Name) : command.Subcommands.Select(inner => inner.Name);
        var near = Nearest.Of(word, known);
        return $"unknown {(isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument")} {word}{(near is null ? "" : $", did you mean {near}?")}";
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
