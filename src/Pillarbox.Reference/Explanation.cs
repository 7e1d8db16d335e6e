using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pillarbox.Reference;

/// <summary>What to do about a reply, said to one who can act.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Text">Whole sentences.</param>
public sealed record Advice(ReplyActor Actor, string Text);

/// <summary>What a reply means. Its JSON is that of <c>explain --json</c> and of <c>/api/reference</c>.</summary>
[JsonConverter(typeof(ExplanationConverter))]
public sealed record Explanation
{
    /// <summary>The basic code: 200 to 599, or one of the lists' 1yz; null where an enhanced code, or a reason, stands alone.</summary>
    public required int? Code { get; init; }

    /// <summary>The enhanced status code, such as <c>5.7.8</c>, or null.</summary>
    public required string? Enhanced { get; init; }

    /// <summary>A short name, without a full stop.</summary>
    public required string Name { get; init; }

    /// <summary>The class: the basic code's, else the enhanced code's.</summary>
    public required ReplyClass Class { get; init; }

    /// <summary>What the server says with it.</summary>
    public required string Meaning { get; init; }

    /// <summary>When one meets it.</summary>
    public required string When { get; init; }

    /// <summary>What to do; where several can act, each is addressed in turn.</summary>
    public required string Fix { get; init; }

    /// <summary><see cref="Fix"/> apart, one who can act at a time.</summary>
    public required IReadOnlyList<Advice> Advice { get; init; }

    /// <summary>Whether to send the same again.</summary>
    public required RetryAdvice Retry { get; init; }

    /// <summary>Who can mend it, first of all.</summary>
    public required ReplyActor Actor { get; init; }

    /// <summary>
    /// The commands that it answers; <c>connection</c> stands for the greeting, <c>endOfData</c> for the dot after a message,
    /// <c>any</c> for any command.
    /// </summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>Where it is defined, such as <c>RFC 4954 §6</c>.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>Where the meaning comes from.</summary>
    public required ReplyStanding Standing { get; init; }

    /// <summary>Why it was given, for programs.</summary>
    public required ReplyReason Reason { get; init; }

    /// <summary>Where the reply is at odds with itself: whole sentences, mostly none.</summary>
    public required IReadOnlyList<string> Contradictions { get; init; }

    /// <summary>The language of the texts, as a BCP 47 tag.</summary>
    public required string Lang { get; init; }

    /// <summary>Other codes to read of, each known to the reference.</summary>
    public required IReadOnlyList<string> SeeAlso { get; init; }

    /// <summary>Of a basic code the enhanced codes that go with it, of an enhanced one the basic codes; the commonest first.</summary>
    public required IReadOnlyList<string> Pairs { get; init; }

    /// <summary>
    /// Sessions in which it is met. A line begins with <c>S: </c> for the server, <c>C: </c> for the client, or <c># </c> for what a
    /// program or a log says. The same in each language, with example domains only.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<string>> Examples { get; init; }

    /// <summary>What it is in the course of a session: one sentence, to be read beside another code's.</summary>
    public required string Gist { get; init; }

    /// <summary>When a server does right to send it: one sentence.</summary>
    public required string Right { get; init; }

    /// <summary>What its words say, where the reply came as text; null where only codes were asked for.</summary>
    public ReplyWording? Wording { get; init; }

    /// <summary>Whether the server closes the connection with it.</summary>
    public required bool Closes { get; init; }

    /// <summary>The code as one writes it: <c>535 5.7.8</c>, <c>535</c> or <c>5.7.8</c>.</summary>
    public string Label => LabelOf(Code, Enhanced);

    internal static string LabelOf(int? code, string? enhanced) => code is null ? enhanced ?? "" : enhanced is null ? $"{code}" : $"{code} {enhanced}";

    /// <summary>The explanation as a JSON document.</summary>
    public string ToJson(bool indented = false) => JsonText.Of(WriteTo, indented);

    /// <summary>Writes the explanation as one JSON object.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        WriteMembersTo(writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes the members alone, for an object that has more of its own.</summary>
    public void WriteMembersTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Code is { } code)
            writer.WriteNumber("code", code);
        else
            writer.WriteNull("code");
        writer.WriteString("enhanced", Enhanced);
        writer.WriteString("name", Name);
        writer.WriteString("class", Class.ToName());
        writer.WriteString("meaning", Meaning);
        writer.WriteString("when", When);
        writer.WriteString("fix", Fix);
        writer.WriteString("retry", Retry.ToName());
        writer.WriteString("actor", Actor.ToName());
        WriteList(writer, "commands", Commands);
        WriteList(writer, "references", References);
        writer.WriteString("standing", Standing.ToName());
        writer.WriteString("reason", Reason.ToName());
        WriteList(writer, "contradictions", Contradictions);
        writer.WriteString("lang", Lang);
        WriteList(writer, "seeAlso", SeeAlso);
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}

/// <summary>Writes an <see cref="Explanation"/> wherever System.Text.Json meets one.</summary>
public sealed class ExplanationConverter : JsonConverter<Explanation>
{
    /// <inheritdoc/>
    public override Explanation Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("an explanation is written, not read");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Explanation value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        value.WriteTo(writer);
    }
}
