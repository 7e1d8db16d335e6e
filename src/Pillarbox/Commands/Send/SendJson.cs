using System.Globalization;
using System.Text.Json;
using Pillarbox.Delivery;

namespace Pillarbox.Commands.Send;

/// <summary>The session of <c>send --json</c>: lines as those of <c>/api/sessions</c>, with each reply's explanation.</summary>
internal static class SendJson
{
    public static void Print(string server, SendOutcome outcome, Transcript transcript) => JsonOutput.Print(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("server", server);
        writer.WriteBoolean("sent", outcome.Fault is null);
        writer.WriteString("fault", outcome.Fault);
        writer.WriteStartArray("recipients");
        foreach (var (address, verdict) in outcome.Recipients)
            WriteRecipient(writer, address, verdict);
        writer.WriteEndArray();
        writer.WriteStartArray("lines");
        foreach (var line in transcript.Lines)
            WriteLine(writer, line);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteRecipient(Utf8JsonWriter writer, string address, Verdict verdict)
    {
        writer.WriteStartObject();
        writer.WriteString("address", address);
        writer.WriteBoolean("accepted", verdict.Disposition == Disposition.Delivered);
        writer.WriteString("reply", verdict.Text);
        writer.WriteEndObject();
    }

    private static void WriteLine(Utf8JsonWriter writer, SessionLine line)
    {
        writer.WriteStartObject();
        writer.WriteString("at", line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        writer.WriteString("from", line.From switch { LineFrom.Client => "client", LineFrom.Server => "server", _ => "note" });
        writer.WriteString("text", line.Text);
        if (line.Explanation is { } explanation)
        {
            writer.WritePropertyName("explanation");
            explanation.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
