using System.CommandLine;
using System.Text;
using Pillarbox.Bounces;
using Pillarbox.Reference;

namespace Pillarbox.Commands;

/// <summary><c>explain</c>: what a reply code, or a reply as pasted, means.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var reply = new Argument<string[]>("REPLY")
        {
            Description = "A code (535), an enhanced code (5.7.8), both (535 5.7.8), or the text of a reply as pasted from a log; - reads that text, or a whole message that came back, from standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = CommonOptions.Json();
        var language = LanguageOption.Create();
        var command = new Command("explain", "Explain a reply: what it means, who can mend it, what to do.") { reply, json, language };
        command.SetAction(async (result, cancellationToken) =>
        {
            var words = result.GetRequiredValue(reply);
            var context = new ReplyContext(Language: LanguageOption.Chosen(result, language));
            if (words is ["-"])
                return await ReadAsync(context, result.GetValue(json), cancellationToken);
            var explanation = Explain(string.Join(' ', words).Trim(), context);
            if (result.GetValue(json))
                JsonOutput.Print(explanation.WriteTo);
            else
                Print(explanation, isCode: ReplyReference.Find(string.Join(' ', words)) is not null);
            return ExitCode.Done;
        });
        return command;
    }

    private static Explanation Explain(string text, ReplyContext context) =>
        ReplyReference.Find(text, context) ?? Explainer.ExplainText(text, context) ?? throw new CommandFault($"not a reply: {CommandFault.Quote(text)}");

    private static async Task<int> ReadAsync(ReplyContext context, bool json, CancellationToken cancellationToken)
    {
        var octets = await MessageInput.ReadAsync(cancellationToken);
        if (MessageReader.IsMessage(octets))
        {
            using var stream = new MemoryStream(octets);
            var report = await MessageReader.ReadAsync(stream, context.Language ?? "en", cancellationToken);
            if (json)
                JsonOutput.Print(report.WriteTo);
            else
                TerminalText.Print(MessageInput.Lines(report));
            return ExitCode.Done;
        }

        var text = Encoding.UTF8.GetString(octets).Trim();
        var explanation = Explainer.ExplainLongText(text, context)
            ?? throw new CommandFault(text.Length == 0 ? "not a reply: standard input is empty" : $"not a reply: {CommandFault.Quote(text)}");
        if (json)
            JsonOutput.Print(explanation.WriteTo);
        else
            Print(explanation, isCode: false);
        return ExitCode.Done;
    }

    // Who asks for a code reads about it; who pastes a reply has a session of their own before them.
    private static void Print(Explanation explanation, bool isCode)
    {
        TerminalText.Print(ReplyReference.TextLines(explanation, TerminalText.Width), $"{explanation.Label} {explanation.Name}");
        if (isCode && ReplyReference.ExampleLines(explanation) is [var heading, ..] examples)
            TerminalText.Print(["", .. examples], heading);
        if (ReplyReference.LetterLines(explanation, width: TerminalText.Width) is [var title, ..] letter)
            TerminalText.Print(["", .. letter], title);
    }
}
