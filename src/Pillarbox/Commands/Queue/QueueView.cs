using System.Globalization;
using System.Text.Json;
using Pillarbox.Reference;
using Spectre.Console;

namespace Pillarbox.Commands.Queue;

/// <summary>Shows the queue's document to people.</summary>
internal static class QueueView
{
    private const string Indent = "          ";
    private const int Width = 78;

    /// <summary>A line a recipient.</summary>
    public static void PrintList(List<JsonElement> messages)
    {
        if (messages.Count == 0)
        {
            Console.Out.WriteLine("the queue is empty");
            return;
        }

        var table = TextTable.Create("ID", "Size", "Accepted", "From", "To", "State", "Tries", "Next", "Last reply");
        foreach (var message in messages)
        {
            foreach (var recipient in message.GetProperty("recipients").EnumerateArray())
            {
                table.AddRow(
                    Plain(Text(message, "id")), Plain(Text(message, "size")), Plain(Text(message, "accepted")), Plain(Sender(message)),
                    Plain(Text(recipient, "address")), Plain(Text(recipient, "state")), Plain(Text(recipient, "attempts")),
                    Plain(Text(recipient, "next")), Plain(Text(recipient, "lastReply")));
            }
        }

        TextTable.Write(table);
    }

    /// <summary>A message and its recipients, with what the last replies to them mean.</summary>
    public static void PrintMessage(JsonElement message, string language)
    {
        Console.Out.WriteLine($"ID        {Text(message, "id")}");
        Console.Out.WriteLine($"From      {Sender(message)}");
        Console.Out.WriteLine($"Size      {Text(message, "size")}");
        Console.Out.WriteLine($"Accepted  {Text(message, "accepted")}");
        foreach (var recipient in message.GetProperty("recipients").EnumerateArray())
        {
            Console.Out.WriteLine($"To        {Text(recipient, "address")}");
            Console.Out.WriteLine($"          {Text(recipient, "state")}, {Text(recipient, "attempts")} tries, next {Text(recipient, "next")}");
            if (Text(recipient, "lastReply") is { Length: > 0 } reply)
                PrintReply(reply, language);
        }
    }

    private static void PrintReply(string reply, string language)
    {
        Console.Out.WriteLine($"{Indent}{reply}");
        if (Explainer.ExplainText(reply, new ReplyContext(Language: language)) is not { } explanation)
            return;
        foreach (var line in ReplyReference.TextLines(explanation, Width - Indent.Length - 2))
            Console.Out.WriteLine($"{Indent}  {line}");
    }

    /// <summary>The queue as one document.</summary>
    public static void PrintJson(List<JsonElement> messages) => JsonOutput.Print(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("messages");
        foreach (var message in messages)
            message.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static string Sender(JsonElement message) => Text(message, "from") is { Length: > 0 } from ? from : "<>";

    // What comes from others' servers must not steer this terminal.
    private static Text Plain(string text) => new(text);

    private static string Text(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return "";
        var text = value.ValueKind == JsonValueKind.Number ? value.GetInt64().ToString(CultureInfo.InvariantCulture) : value.ToString();
        return text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
    }
}
