using System.Text.Json;

namespace Pillarbox.Reference.Classifying;

/// <summary>Reads rule files, and numbers their phrases, equal ones alike.</summary>
internal sealed class RuleReader
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _phrases = [];

    public IReadOnlyList<string> Phrases => _phrases;

    public Provider Read(JsonElement file) => new()
    {
        Key = file.GetProperty("provider").GetString()!,
        Name = file.GetProperty("name").GetString()!,
        IsGeneral = Is(file, "general"),
        IsSoftware = Is(file, "software"),
        Signs = [.. Numbers(file, "hosts"), .. Numbers(file, "signs")],
        Rules = [.. file.GetProperty("rules").EnumerateArray().Select(rule => Rule(rule, Is(file, "general")))],
        Advices = file.TryGetProperty("advices", out var advices)
            ? advices.EnumerateObject().ToDictionary(one => one.Name, one => Source(one.Value), StringComparer.Ordinal)
            : [],
    };

    private WordingRule Rule(JsonElement rule, bool isGeneral) => new()
    {
        Id = rule.GetProperty("id").GetString()!,
        Codes = Words(rule, "code"),
        Enhanced = Words(rule, "enhanced"),
        All = Numbers(rule, "all"),
        Any = Numbers(rule, "any"),
        None = Numbers(rule, "none"),
        IsGeneral = isGeneral,
        NeedsProvider = Is(rule, "needsProvider"),
        Reason = VocabularyNames.ParseReason(rule.GetProperty("reason").GetString()),
        Retry = Text(rule, "retry") is { } retry ? VocabularyNames.ParseRetry(retry) : null,
        Actor = Text(rule, "actor") is { } actor ? VocabularyNames.ParseActor(actor) : null,
        Confidence = rule.GetProperty("confidence").GetDouble(),
        Advice = Text(rule, "advice"),
        Examples = Words(rule, "examples"),
    };

    private static AdviceSource Source(JsonElement source) =>
        new(source.GetProperty("source").GetString()!, source.GetProperty("date").GetString()!, Text(source, "url"));

    private List<int> Numbers(JsonElement owner, string name) => [.. Words(owner, name).Select(Number)];

    private int Number(string phrase)
    {
        if (_numbers.TryGetValue(phrase, out var number))
            return number;
        if (phrase.Length < PhraseIndex.Shortest)
            throw new InvalidDataException($"the phrase \"{phrase}\" is too short");
        _numbers.Add(phrase, _phrases.Count);
        _phrases.Add(phrase);
        return _phrases.Count - 1;
    }

    private static bool Is(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) && value.GetBoolean();

    private static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static List<string> Words(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(value => value.GetString()!)] : [];
}
