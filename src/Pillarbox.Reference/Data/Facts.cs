using System.Text.Json;

namespace Pillarbox.Reference.Data;

/// <summary>What is so in every language. A member that is null is left to the next layer (see <see cref="Layers"/>).</summary>
internal sealed record Facts
{
    public ReplyStanding? Standing { get; init; }
    public RetryAdvice? Retry { get; init; }
    public ReplyActor? Actor { get; init; }
    public ReplyReason? Reason { get; init; }
    public IReadOnlyList<string>? Commands { get; init; }
    public IReadOnlyList<string>? References { get; init; }
    public IReadOnlyList<string>? SeeAlso { get; init; }

    /// <summary>Of a basic code the enhanced codes that go with it, of an enhanced one the basic codes; the commonest first.</summary>
    public IReadOnlyList<string>? Pairs { get; init; }

    /// <summary>Sessions in which it is met, line by line; a line begins with <c>S: </c>, <c>C: </c>, or <c># </c> for what a program or a log says.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Examples { get; init; }

    /// <summary>The class, where the digits do not give it.</summary>
    public ReplyClass? Class { get; init; }

    /// <summary>Whether the server closes the connection with it.</summary>
    public bool? Closes { get; init; }

    /// <summary>Of an enhanced code X.y.z: the classes that the register gives it, such as <c>45</c>.</summary>
    public string? Classes { get; init; }

    public static Facts Parse(ref Utf8JsonReader reader)
    {
        var facts = new Facts();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            facts = name switch
            {
                "standing" => facts with { Standing = VocabularyNames.ParseStanding(reader.GetString()) },
                "retry" => facts with { Retry = VocabularyNames.ParseRetry(reader.GetString()) },
                "actor" => facts with { Actor = VocabularyNames.ParseActor(reader.GetString()) },
                "reason" => facts with { Reason = VocabularyNames.ParseReason(reader.GetString()) },
                "commands" => facts with { Commands = Words(ref reader) },
                "references" => facts with { References = Words(ref reader) },
                "seeAlso" => facts with { SeeAlso = Words(ref reader) },
                "pairs" => facts with { Pairs = Words(ref reader) },
                "examples" => facts with { Examples = Sessions(ref reader) },
                "class" => facts with { Class = VocabularyNames.ParseClass(reader.GetString()) },
                "closes" => facts with { Closes = reader.GetBoolean() },
                "classes" => facts with { Classes = reader.GetString() },
                _ => throw new InvalidDataException($"facts: unknown member {name}"),
            };
        }

        return facts;
    }

    private static List<string> Words(ref Utf8JsonReader reader)
    {
        var words = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            words.Add(reader.GetString()!);
        return words;
    }

    private static List<List<string>> Sessions(ref Utf8JsonReader reader)
    {
        var sessions = new List<List<string>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            sessions.Add(Words(ref reader));
        return sessions;
    }
}
