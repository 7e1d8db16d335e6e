using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pillarbox.Reference;

namespace Pillarbox.Bounces;

/// <summary>What kind of message it is.</summary>
public enum MessageKind
{
    /// <summary>A report on a delivery: that it failed, is delayed, or went well.</summary>
    Bounce,

    /// <summary>An automatic answer of the recipient's side, such as a notice of absence.</summary>
    AutoReply,

    /// <summary>A recipient's complaint, passed on by their provider (RFC 5965).</summary>
    Feedback,

    /// <summary>None of these.</summary>
    Other,
}

/// <summary>What a message says about one recipient.</summary>
/// <param name="Address">The recipient's address as the report has it, or null where it names none.</param>
/// <param name="Explanation">What happened to the message for them.</param>
public sealed record RecipientReport(string? Address, Explanation Explanation)
{
    /// <summary>The recipient's address, without characters that would steer a terminal or a page.</summary>
    public string? Address { get; init; } = Plain(Address);

    private static string? Plain(string? address) =>
        address is null || !address.EnumerateRunes().Any(IsSteering) ? address : string.Concat(address.EnumerateRunes().Where(rune => !IsSteering(rune)));

    private static bool IsSteering(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format;
}

/// <summary>A message that came back, read. Its JSON is that of <c>explain - --json</c> and of <c>POST /api/explain</c>.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Recipients">An answer a recipient; empty for <see cref="MessageKind.Other"/>.</param>
/// <param name="Lang">The language of the explanations, as a BCP 47 tag.</param>
public sealed record MessageReport(MessageKind Kind, IReadOnlyList<RecipientReport> Recipients, string Lang)
{
    /// <summary>The kind as JSON has it.</summary>
    public string KindName => Kind switch
    {
        MessageKind.Bounce => "bounce",
        MessageKind.AutoReply => "autoReply",
        MessageKind.Feedback => "feedback",
        _ => "other",
    };

    /// <summary>The report as a JSON document.</summary>
    public string ToJson(bool indented = false)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(stream, options))
            WriteTo(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Writes the report as one JSON object.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("kind", KindName);
        writer.WriteStartArray("recipients");
        foreach (var recipient in Recipients)
        {
            writer.WriteStartObject();
            recipient.Explanation.WriteMembersTo(writer);
            writer.WriteString("address", recipient.Address);
            writer.WriteString("provider", recipient.Explanation.Wording?.Provider);
            writer.WriteString("evidence", recipient.Explanation.Wording?.Evidence ?? "");
            writer.WriteNumber("confidence", Math.Round(recipient.Explanation.Wording?.Confidence ?? 0, 2));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("lang", Lang);
        writer.WriteEndObject();
    }
}
