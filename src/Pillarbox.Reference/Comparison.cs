using System.Text.Json;

namespace Pillarbox.Reference;

/// <summary>Two replies side by side, and how they differ. Its JSON is that of <c>compare --json</c> and of <c>/api/reference/compare</c>.</summary>
public sealed record Comparison
{
    /// <summary>What is compared, in a line.</summary>
    public required string Title { get; init; }

    /// <summary>How the two relate: whole sentences.</summary>
    public required string Summary { get; init; }

    /// <summary>The smaller of the two: a basic code comes before an enhanced one.</summary>
    public required Explanation Left { get; init; }

    /// <summary>The larger.</summary>
    public required Explanation Right { get; init; }

    /// <summary>The differences that matter, a whole sentence each; one at least.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>When a server does right to send the one, and when the other.</summary>
    public required string WhichWhen { get; init; }

    /// <summary>Whether people wrote it for this very pair; else it is composed from what is known of each.</summary>
    public required bool IsWritten { get; init; }

    /// <summary>The language of the texts, as a BCP 47 tag.</summary>
    public required string Lang { get; init; }

    /// <summary>The comparison as a JSON document.</summary>
    public string ToJson(bool indented = false) => JsonText.Of(WriteTo, indented);

    /// <summary>Writes the comparison as one JSON object.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("title", Title);
        writer.WriteString("summary", Summary);
        writer.WritePropertyName("left");
        Left.WriteTo(writer);
        writer.WritePropertyName("right");
        Right.WriteTo(writer);
        writer.WriteStartArray("differences");
        foreach (var difference in Differences)
            writer.WriteStringValue(difference);
        writer.WriteEndArray();
        writer.WriteString("whichWhen", WhichWhen);
        writer.WriteString("lang", Lang);
        writer.WriteEndObject();
    }
}
