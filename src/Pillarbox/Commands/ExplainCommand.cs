using System.CommandLine;
using Pillarbox.Reference;

namespace Pillarbox.Commands;

/// <summary><c>explain</c>: what a reply code, or a reply as pasted, means.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var reply = new Argument<string[]>("REPLY")
        {
            Description = "A code (535), an enhanced code (5.7.8), both (535 5.7.8), or the text of a reply as pasted from a log.",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = CommonOptions.Json();
        var command = new Command("explain", "Explain a reply: what it means, who can mend it, what to do.") { reply, json };
        command.SetAction(result => Run(result.GetRequiredValue(reply), result.GetValue(json)));
        return command;
    }

    private static int Run(string[] words, bool json)
    {
        if (Explain(words) is not { } explanation)
            throw new CommandFault($"not a reply: {string.Join(' ', words)}");

        if (json)
            Console.Out.WriteLine(explanation.ToJson(indented: true));
        else
        {
            foreach (var line in ReplyReference.TextLines(explanation))
                Console.Out.WriteLine(line);
        }

        return ExitCode.Done;
    }

    private static Explanation? Explain(string[] words)
    {
        var text = string.Join(' ', words).Trim();
        return ReplyReference.Find(text) ?? Explainer.ExplainText(text);
    }
}
