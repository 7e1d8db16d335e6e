using Pillarbox.Reference.Classifying;

namespace Pillarbox.Reference.Reading;

/// <summary>Which command a reply answered, where a log says so: Postfix's "(in reply to RCPT TO command)", Exim's "after RCPT TO:".</summary>
internal static class AnsweredCommand
{
    private static readonly string[] Leads = ["in reply to ", "mail server after pipelined ", "mail server after ", "remote mailer after "];

    private static readonly (string Words, string Command)[] Commands =
    [
        ("end of data", "endOfData"), ("sending data block", "endOfData"), ("initial connection", "connection"),
        ("RCPT", "RCPT"), ("MAIL", "MAIL"), ("DATA", "DATA"), ("EHLO", "EHLO"), ("HELO", "HELO"), ("AUTH", "AUTH"), ("STARTTLS", "STARTTLS"),
    ];

    /// <summary>What is read behind a lead; a report may have broken it into lines.</summary>
    private const int MaxName = 48;

    /// <summary>The command as <see cref="ReplyContext.Command"/> has it, or null.</summary>
    public static string? Find(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, ReplyFinder.MaxLength)];
        foreach (var lead in Leads)
        {
            var at = text.IndexOf(lead, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                continue;
            var rest = FoldedText.Fold(text[(at + lead.Length)..Math.Min(text.Length, at + lead.Length + MaxName)]);
            foreach (var (words, command) in Commands)
            {
                if (rest.StartsWith(words, StringComparison.OrdinalIgnoreCase))
                    return command;
            }
        }

        return null;
    }
}
