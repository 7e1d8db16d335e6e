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

    public static Texts Parse(ref Utf8JsonReader reader)
    {
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
}
