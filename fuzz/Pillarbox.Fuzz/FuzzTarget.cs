using System.Text;

namespace Pillarbox.Fuzzing;

/// <summary>Something that reads what others send.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Read">Reads an input; throws where what it made of it is wrong.</param>
/// <param name="Seeds">Inputs to begin with.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Read, Func<IReadOnlyList<byte[]>> Seeds)
{
    /// <summary>What its format treats as special, and what readers have stumbled over.</summary>
    public IReadOnlyList<byte[]> Tokens { get; init; } = [];

    /// <summary>Octets that an input has at most.</summary>
    public int MaxLength { get; init; } = 1 << 16;

    /// <summary>What an input may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>All of them, the quick ones first.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
        [.. CommandTargets.All, .. GrammarTargets.All, .. ReplyTargets.All, .. StoreTargets.All, .. ConfigurationTargets.All, .. AccountTargets.All, .. ReferenceTargets.All, .. SessionTarget.All];

    /// <summary>The target of that name.</summary>
    public static FuzzTarget Named(string name) => All.First(target => target.Name == name);

    /// <summary>Tries the seeds as they are, then what a mutator makes of them.</summary>
    public FuzzResult Run(int seed, TimeSpan duration, long most = long.MaxValue)
    {
        var seeds = Seeds();
        return new Fuzzer(Read, Limit).Run(seeds, new Mutator(seeds, seed, Tokens, MaxLength), duration, most);
    }

    /// <summary>What must hold of whatever was made of an input.</summary>
    public static void Require(bool holds, string what)
    {
        if (!holds)
            throw new FuzzException(what);
    }

    /// <summary>Texts as tokens or seeds, in UTF-8.</summary>
    public static byte[][] Texts(params IEnumerable<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}

/// <summary>What was made of an input is wrong.</summary>
internal sealed class FuzzException(string what) : Exception(what);
