using System.Text.Json;

namespace Pillarbox.Reference.Data;

/// <summary>What is said of a code in one language. A member that is null is left to the next layer (see <see cref="Layers"/>).</summary>
internal sealed record Texts
{
    public string? Name { get; init; }
    public string? Meaning { get; init; }
    public string? When { get; init; }

    /// <summary>What to do, for whoever the facts name as the actor.</summary>
    public string? Fix { get; init; }

    /// <summary>What to do, an actor at a time, where the file has an object in place of a string.</summary>
    public IReadOnlyList<Advice>? FixFor { get; init; }

    /// <summary>For the sender of a message that bounced on this: what happened, who can mend it, what to do.</summary>
    public string? Bounce { get; init; }

    /// <summary>What it is in the course of a session, in one sentence that stands beside another code's; <c>{code}</c> is its subject.</summary>
    public string? Gist { get; init; }

    /// <summary>When a server does right to send it, in one sentence with <c>{code}</c>.</summary>
    public string? Right { get; init; }

    /// <summary>A text to send to whoever must act.</summary>
    public string? Letter { get; init; }

    /// <summary>Of a written comparison: how the two relate.</summary>
    public string? Summary { get; init; }

    /// <summary>Of a written comparison: the differences that matter, a sentence each.</summary>
    public IReadOnlyList<string>? Differences { get; init; }

    /// <summary>Of a written comparison: when a server sends the one, and when the other.</summary>
    public string? WhichWhen { get; init; }

    /// <summary>Of a text that counts: its forms by plural category (<c>one</c>, <c>few</c>, <c>other</c>; see <see cref="Plural"/>).</summary>
    public IReadOnlyDictionary<string, string>? Forms { get; init; }

    public static Texts Parse(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new Texts { Name = reader.GetString() };
        var texts = new Texts();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            texts = name switch
            {
                "name" => texts with { Name = reader.GetString() },
                "meaning" => texts with { Meaning = reader.GetString() },
                "when" => texts with { When = reader.GetString() },
                "fix" when reader.TokenType == JsonTokenType.StartObject => texts with { FixFor = ParseAdvice(ref reader) },
                "fix" => texts with { Fix = reader.GetString() },
                "bounce" => texts with { Bounce = reader.GetString() },
                "gist" => texts with { Gist = reader.GetString() },
                "right" => texts with { Right = reader.GetString() },
                "letter" => texts with { Letter = reader.GetString() },
                "summary" => texts with { Summary = reader.GetString() },
                "differences" => texts with { Differences = ParseSentences(ref reader) },
                "whichWhen" => texts with { WhichWhen = reader.GetString() },
                "forms" => texts with { Forms = ParseForms(ref reader) },
                _ => throw new InvalidDataException($"texts: unknown member {name}"),
            };
        }

        return texts;
    }

    private static List<Advice> ParseAdvice(ref Utf8JsonReader reader)
    {
        var advice = new List<Advice>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var actor = VocabularyNames.ParseActor(reader.GetString());
            reader.Read();
            advice.Add(new Advice(actor, reader.GetString()!));
        }

        return advice;
    }

    private static List<string> ParseSentences(ref Utf8JsonReader reader)
    {
        var sentences = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            sentences.Add(reader.GetString()!);
        return sentences;
    }

    private static Dictionary<string, string> ParseForms(ref Utf8JsonReader reader)
    {
        var forms = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var category = reader.GetString()!;
            reader.Read();
            forms.Add(category, reader.GetString()!);
        }

        return forms;
    }
}
