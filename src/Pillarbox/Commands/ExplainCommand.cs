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
            Description = "A code (535), an enhanced code (5.7.8), both (535 5.7.8), or the text of a reply as pasted from a log; - reads that text from standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = CommonOptions.Json();
        var language = LanguageOption.Create();
        var command = new Command("explain", "Explain a reply: what it means, who can mend it, what to do.") { reply, json, language };
        command.SetAction(async (result, cancellationToken) =>
        {
            var words = result.GetRequiredValue(reply);
            var context = new ReplyContext(Language: LanguageOption.Chosen(result, language));
            var explanation = words is ["-"] ? await ReadAsync(context, cancellationToken) : Explain(string.Join(' ', words).Trim(), context);
            if (result.GetValue(json))
                JsonOutput.Print(explanation.WriteTo);
            else
                Print(explanation, isCode: words is not ["-"] && ReplyReference.Find(string.Join(' ', words)) is not null);
            return ExitCode.Done;
        });
        return command;
    }

    private static Explanation Explain(string text, ReplyContext context) =>
        ReplyReference.Find(text, context) ?? Explainer.ExplainText(text, context) ?? throw new CommandFault($"not a reply: {CommandFault.Quote(text)}");

    private static async Task<Explanation> ReadAsync(ReplyContext context, CancellationToken cancellationToken)
    {
        var text = (await ReplyInput.ReadAsync(cancellationToken)).Trim();
        return ReplyReference.Find(text, context) ?? ReplyInput.Explain(text, context)
            ?? throw new CommandFault(text.Length == 0 ? "not a reply: standard input is empty" : $"not a reply: {CommandFault.Quote(text)}");
    }

    // Who asks for a code reads about it; who pastes a reply has a session of their own before them.
    private static void Print(Explanation explanation, bool isCode)
    {
        TerminalText.Print(ReplyReference.TextLines(explanation, TerminalText.Width), $"{explanation.Label} {explanation.Name}");
        if (isCode && ReplyReference.ExampleLines(explanation) is [var heading, ..] examples)
            TerminalText.Print(["", .. examples], heading);
    }
}
