using System.Text.Json;
using MimeKit;
using Pillarbox.Reference;

namespace Pillarbox.Bounces.Reading;

/// <summary>An event of Amazon SES as SNS mails it: a JSON object in the text, at times broken into lines by a server on the way.</summary>
internal static class EventNotice
{
    private const int MaxObjects = 1000;

    /// <summary>What happened to each recipient; empty where the text holds no such event.</summary>
    public static IReadOnlyList<Outcome> Read(MimeMessage message, string text) =>
        !IsOne(message, text, "bouncedRecipients", "delayedRecipients", "smtpResponse") ? [] : Outcomes(Whole(text));

    /// <summary>Who complained; null where the text tells of no complaint.</summary>
    public static IReadOnlyList<string>? Complainers(MimeMessage message, string text) =>
        !IsOne(message, text, "complainedRecipients") ? null
        : [.. Objects(Whole(text), "complainedRecipients").Select(one => Member(one, "emailAddress")).OfType<string>().Take(MessageReader.MaxRecipients)];

    private static bool IsOne(MimeMessage message, string text, params ReadOnlySpan<string> names)
    {
        var start = text.AsSpan().TrimStart();
        if (start.Length == 0 || start[0] != '{' || !(text.Contains("notificationType", StringComparison.Ordinal) || text.Contains("eventType", StringComparison.Ordinal)) || ReportSigns.IsPassedOn(message))
            return false;
        foreach (var name in names)
        {
            if (text.Contains(name, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static List<Outcome> Outcomes(string text)
    {
        var failed = Objects(text, "bouncedRecipients");
        var isFinal = failed.Count > 0;
        failed = isFinal ? failed : Objects(text, "delayedRecipients");
        var outcomes = new List<Outcome>();
        foreach (var one in failed.Take(MessageReader.MaxRecipients))
        {
            var diagnostic = Member(one, "diagnosticCode") ?? "";
            var type = diagnostic.IndexOf(';', StringComparison.Ordinal);
            outcomes.Add(new Outcome(Member(one, "emailAddress"), type is > 0 and < 12 ? diagnostic[(type + 1)..].Trim() : diagnostic)
            {
                Status = Member(one, "status") is { } status && ReplyReference.Explain(null, status) is not null ? status : null,
                Action = isFinal ? "failed" : "delayed",
                Host = "amazonses.com",
            });
        }

        if (outcomes.Count > 0 || Value(text, "smtpResponse") is not { } response)
            return outcomes;
        return [.. Strings(text, "recipients").Take(MessageReader.MaxRecipients).Select(address => new Outcome(address, response) { Action = "delivered", Host = "amazonses.com" })];
    }

    // SNS wraps the event as a string; sendmail breaks a line of 990 octets with "!".
    private static string Whole(string text)
    {
        text = text.ReplaceLineEndings("\n").Replace("!\n ", "", StringComparison.Ordinal).Replace("!\n", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        return text.Contains("\\\"emailAddress\\\"", StringComparison.Ordinal) || text.Contains("\\\"smtpResponse\\\"", StringComparison.Ordinal)
            ? text.Replace("\\\\", "\\", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal)
            : text;
    }

    // The objects of a member that is an array of them; they hold strings alone.
    private static List<JsonElement> Objects(string text, string name)
    {
        var found = new List<JsonElement>();
        var at = Behind(text, name);
        while (at >= 0 && at < text.Length && found.Count < MaxObjects)
        {
            while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] is '[' or ','))
                at++;
            if (at >= text.Length || text[at] != '{')
                break;
            var end = EndOf(text, at);
            if (end < 0 || Parsed(text[at..(end + 1)]) is not { } one)
                break;
            found.Add(one);
            at = end + 1;
        }

        return found;
    }

    private static IEnumerable<string> Strings(string text, string name)
    {
        var at = Behind(text, name);
        var end = at < 0 ? -1 : text.IndexOf(']', at);
        if (end < 0 || text[at] != '[' || Parsed(text[at..(end + 1)]) is not { } array)
            return [];
        return array.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!);
    }

    private static string? Value(string text, string name)
    {
        var at = Behind(text, name);
        if (at < 0 || at >= text.Length || text[at] != '"')
            return null;
        var end = EndOfString(text, at);
        return end > at ? Parsed(text[at..(end + 1)])?.GetString() : null;
    }

    // Behind "name": and the blanks there.
    private static int Behind(string text, string name)
    {
        var at = text.IndexOf($"\"{name}\"", StringComparison.Ordinal);
        if (at < 0)
            return -1;
        at += name.Length + 2;
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] == ':'))
            at++;
        return at;
    }

    private static int EndOf(string text, int start)
    {
        for (var at = start; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                at = EndOfString(text, at);
                if (at < 0)
                    return -1;
            }
            else if (text[at] == '}')
            {
                return at;
            }
        }

        return -1;
    }

    private static int EndOfString(string text, int start)
    {
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == '"')
                return at;
        }

        return -1;
    }

    private static JsonElement? Parsed(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Member(JsonElement one, string name) =>
        one.ValueKind == JsonValueKind.Object && one.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
