using Pillarbox.Configuration.Values;

namespace Pillarbox.Configuration;

/// <summary>A setting: a row of <see cref="Keys.All"/>.</summary>
/// <param name="Name">Its path; <c>[]</c> stands behind the name of an array of tables.</param>
/// <param name="Kind">What it is written as; <see langword="null"/> for a table or a key that is not available yet.</param>
/// <param name="Default">What holds where it is not given, as it would be written (an array as in the environment); <see langword="null"/> for nothing.</param>
/// <param name="Meaning">What it means, for people: the documentation's words.</param>
internal sealed record Key(string Name, ValueKind? Kind, string? Default, string Meaning)
{
    /// <summary>Whether it must be given.</summary>
    public bool Required { get; init; }

    /// <summary>Whether a change takes effect without a restart.</summary>
    public bool Reloads { get; init; }

    /// <summary>A key or a whole table that a later version brings.</summary>
    public static Key Later(string name, string meaning) => new(name, null, null, meaning);

    /// <summary>Whether this version has it.</summary>
    public bool IsAvailable => Kind is not null;
}
