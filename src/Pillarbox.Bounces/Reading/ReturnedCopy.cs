namespace Pillarbox.Bounces.Reading;

/// <summary>The copy of the message that came back, at the end of a report in words: nothing in it is about the delivery.</summary>
internal static class ReturnedCopy
{
    private static readonly string[] Marks =
    [
        "--- below this line is a copy of the message", "------ this is a copy of", "------ this is a copy of the message",
        "--- enclosed is a copy", "--- the header of the original message",
        "----- original message -----", "-----original message-----", "----- unsent message follows", "----- message header follows",
        "------ message header follows", "----- returned message",
        "--- undelivered message follows", "-- returned mail --", "-- returned message --", "-- unsent message",
        "-- undelivered message --", "----- the original message", "--- original message follows", "---------- forwarded message",
        "original message headers:", "original message header:",
        "the original message headers", "--- message from", "your original message", "unsent message below", "----- message body",
        "the returned message", "message text follows",
        "------- original message", "--------returned mail", "|------------------------- message log", "--- returned headers follow",
        "\nreturn-path: <", "\nreceived: from ", "\nreceived: by ", "kopie ihrer nachricht", "--- originalnachricht",
        "une copie de votre message", "copie du message", "copia del mensaje", "copia del messaggio", "cópia da mensagem",
        "kopie van het bericht", "kopia wiadomości", "копия сообщения", "原始邮件", "元のメッセージ",
        "original message follows", "------ forwarded message",
    ];

    /// <summary>The text up to the copy.</summary>
    public static string CutOff(string text)
    {
        var end = text.Length;
        foreach (var mark in Marks)
        {
            var at = text.IndexOf(mark, 0, end, StringComparison.OrdinalIgnoreCase);
            if (at > 0)
                end = at;
        }

        return text[..end];
    }
}
