using System.CommandLine;
using Pillarbox.Reference;

namespace Pillarbox.Commands;

/// <summary><c>compare</c>: two replies side by side, and how they differ.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var one = new Argument<string>("CODE") { Description = "A code (550), an enhanced code (5.7.1 or X.7.1), or both in quotes (\"550 5.7.1\")." };
        var other = new Argument<string>("OTHER") { Description = "The code to compare it with." };
        var json = CommonOptions.Json();
        var language = LanguageOption.Create();
        var command = new Command("compare", "Compare two replies: how they differ, and which is right when.") { one, other, json, language };
        command.SetAction(result =>
        {
            var context = new ReplyContext(Language: LanguageOption.Chosen(result, language));
            var comparison = Compare(result.GetRequiredValue(one), result.GetRequiredValue(other), context);
            if (result.GetValue(json))
                JsonOutput.Print(comparison.WriteTo);
            else
                Print(comparison);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(Comparison comparison) => TerminalText.Print(
        ReplyReference.TextLines(comparison, TerminalText.Width),
        comparison.Title, Heading(comparison.Left), Heading(comparison.Right), ReferenceLanguage.For(comparison.Lang).Label("label differences"));

    private static string Heading(Explanation side) => $"{side.Label} {side.Name}";

    private static Comparison Compare(string one, string other, ReplyContext context)
    {
        var (left, right) = (Find(one, context), Find(other, context));
        if (left.Label == right.Label)
            throw new CommandFault($"both are {left.Label}; name two codes that differ");
        return ReplyReference.Compare(left, right);
    }

    private static Explanation Find(string code, ReplyContext context) => ReplyReference.Find(code.Trim(), context)
        ?? throw new CommandFault($"not a code: {CommandFault.Quote(code)}; write 550, 5.7.1, X.7.1 or \"550 5.7.1\"");
}
