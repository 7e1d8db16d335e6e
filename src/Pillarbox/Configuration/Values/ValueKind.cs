using System.Collections.Immutable;
using System.Globalization;

namespace Pillarbox.Configuration.Values;

/// <summary>What reading a value gave: the value, or what is wrong and what would be right.</summary>
internal readonly record struct Reading(object? Value, string? Fault)
{
    public static Reading Of(object value) => new(value, null);

    public static Reading Wrong(string fault) => new(null, fault);
}

/// <summary>What reading a value may need to know of the configuration around it.</summary>
/// <param name="Directory">What relative paths start from: the directory of the configuration file.</param>
internal sealed record ReadingContext(string Directory);

/// <summary>What kind of value a setting has: how it is written, and what is wrong with one that is not.</summary>
/// <param name="form">How it is written, for people: <c>a duration, such as 5m</c>.</param>
internal abstract class ValueKind(string form)
{
    /// <summary>How it is written, for people.</summary>
    public string Form { get; } = form;

    /// <summary>Reads a node.</summary>
    public abstract Reading Read(ConfigNode node, ReadingContext context);

    /// <summary>What a node is, where another type was needed.</summary>
    protected string WrongType(ConfigNode node) => $"{Describe(node)} stands where {Form} is needed";

    private static string Describe(ConfigNode node) => node switch
    {
        ConfigTable => "a table",
        ConfigList => "an array",
        ConfigScalar { Value: string } => "a string",
        ConfigScalar { Value: long } => "an integer",
        ConfigScalar { Value: bool } => "a boolean",
        _ => "a value of another type",
    };
}

/// <summary>A kind that is written as a string.</summary>
/// <param name="form">How it is written, for people.</param>
internal abstract class TextKind(string form) : ValueKind(form)
{
    public sealed override Reading Read(ConfigNode node, ReadingContext context) =>
        node is ConfigScalar { Value: string text } ? Read(text, context) : Reading.Wrong(WrongType(node));

    protected abstract Reading Read(string text, ReadingContext context);
}

/// <summary>Any text but the empty one.</summary>
internal sealed class AnyText() : TextKind("a string")
{
    protected override Reading Read(string text, ReadingContext context) =>
        text.Length == 0 ? Reading.Wrong("is empty; write something, or leave the key out") : Reading.Of(text);
}

/// <summary>True or false.</summary>
internal sealed class Flag() : ValueKind("true or false")
{
    public override Reading Read(ConfigNode node, ReadingContext context) => node switch
    {
        ConfigScalar { Value: bool flag } => Reading.Of(flag),
        ConfigScalar { IsText: true, Value: string text } when bool.TryParse(text, out var flag) => Reading.Of(flag),
        _ => Reading.Wrong(WrongType(node)),
    };
}

/// <summary>A whole number within a range.</summary>
internal sealed class Number(int min, int max)
    : ValueKind(string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"))
{
    public override Reading Read(ConfigNode node, ReadingContext context)
    {
        long number;
        switch (node)
        {
            case ConfigScalar { Value: long given }:
                number = given;
                break;
            case ConfigScalar { IsText: true, Value: string text }
                when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var given):
                number = given;
                break;
            default:
                return Reading.Wrong(WrongType(node));
        }

        return number >= min && number <= max ? Reading.Of((int)number) : Reading.Wrong($"{number} is out of range; write {Form}");
    }
}

/// <summary>One of several words, some of which may not be built yet.</summary>
internal sealed class Choice(ImmutableArray<string> words, ImmutableArray<string> later = default)
    : TextKind(words.Length == 1 ? $"\"{words[0]}\"" : $"one of {string.Join(", ", words)}")
{
    private readonly ImmutableArray<string> _later = later.IsDefault ? [] : later;

    protected override Reading Read(string text, ReadingContext context)
    {
        if (words.Contains(text))
            return Reading.Of(text);
        if (_later.Contains(text))
            return Reading.Wrong($"\"{text}\" is not available yet; write {Form}");
        var near = Nearest.Of(text, words);
        return Reading.Wrong($"\"{text}\" is not known; {(near is null ? $"write {Form}" : $"did you mean \"{near}\"?")}");
    }
}

/// <summary>An array of values of one kind. From the environment it is written as in TOML, or as text with commas.</summary>
internal sealed class ListOf(ValueKind item) : ValueKind($"an array, each item {item.Form}")
{
    public override Reading Read(ConfigNode node, ReadingContext context)
    {
        if (node is ConfigScalar { IsText: true, Value: string text })
            node = FromText(text, node.Origin);
        if (node is not ConfigList list)
            return Reading.Wrong(WrongType(node));

        var values = ImmutableArray.CreateBuilder<object>(list.Items.Count);
        foreach (var each in list.Items)
        {
            var reading = item.Read(each, context);
            if (reading.Fault is not null)
                return reading;
            values.Add(reading.Value!);
        }

        return Reading.Of(values.DrainToImmutable());
    }

    private static ConfigList FromText(string text, Origin origin)
    {
        var list = new ConfigList(origin);
        var inner = text.Trim();
        if (inner is ['[', .., ']'])
            inner = inner[1..^1];
        foreach (var part in inner.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            list.Add(new ConfigScalar(part.Trim('"'), origin, isText: true));
        return list;
    }
}
