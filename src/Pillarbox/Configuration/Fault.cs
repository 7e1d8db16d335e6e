namespace Pillarbox.Configuration;

/// <summary>Where a setting was given: a line of a file, or something without lines, such as an environment variable.</summary>
/// <param name="Source">The file as it was named, <c>environment:NAME</c>, or a command line option.</param>
/// <param name="Line">The line, from 1; 0 where there are none.</param>
internal readonly record struct Origin(string Source, int Line = 0)
{
    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"{Source}:{Line}" : Source;
}

/// <summary>Something wrong with a configuration: shown as <c>FILE:LINE: KEY: what is wrong, what would be right</c>.</summary>
/// <param name="Origin">Where.</param>
/// <param name="Key">Which setting, such as <c>listeners[0].address</c>; empty where the fault is no setting's.</param>
/// <param name="Message">What is wrong and what would be right, without a full stop.</param>
internal sealed record Fault(Origin Origin, string Key, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => OneLine(Key.Length == 0 ? $"{Origin}: {Message}" : $"{Origin}: {Key}: {Message}");

    // A fault quotes what was written, and that may hold anything.
    private static string OneLine(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
}
