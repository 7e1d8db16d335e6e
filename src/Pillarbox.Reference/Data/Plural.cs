namespace Pillarbox.Reference.Data;

/// <summary>The plural category of a whole number, by the rules of Unicode's CLDR for the languages that the reference is meant for.</summary>
internal static class Plural
{
    /// <summary>One of <c>zero one two few many other</c>.</summary>
    /// <param name="tag">The language, as a BCP 47 tag; one without rules here has <c>other</c> alone.</param>
    /// <param name="number">Zero or more.</param>
    public static string Category(string tag, int number) => tag switch
    {
        "en" or "de" or "tr" => number == 1 ? "one" : "other",
        "hi" => number is 0 or 1 ? "one" : "other",
        "fr" or "pt" => number is 0 or 1 ? "one" : IsMillions(number) ? "many" : "other",
        "es" => number == 1 ? "one" : IsMillions(number) ? "many" : "other",
        "ru" => Russian(number % 10, number % 100),
        "ar" => Arabic(number, number % 100),
        _ => "other",
    };

    /// <summary>The categories that a language's whole numbers have.</summary>
    public static IReadOnlyList<string> Categories(string tag) => tag switch
    {
        "en" or "de" or "tr" or "hi" => ["one", "other"],
        "fr" or "pt" or "es" => ["one", "many", "other"],
        "ru" => ["one", "few", "many", "other"],
        "ar" => ["zero", "one", "two", "few", "many", "other"],
        _ => ["other"],
    };

    private static bool IsMillions(int number) => number != 0 && number % 1_000_000 == 0;

    private static string Russian(int last, int lastTwo) =>
        last == 1 && lastTwo != 11 ? "one"
        : last is >= 2 and <= 4 && lastTwo is < 12 or > 14 ? "few"
        : "many";

    private static string Arabic(int number, int lastTwo) => number switch
    {
        0 => "zero",
        1 => "one",
        2 => "two",
        _ => lastTwo is >= 3 and <= 10 ? "few" : lastTwo >= 11 ? "many" : "other",
    };
}
