using Pillarbox.Fuzzing;

namespace Pillarbox.Fuzz.Tests;

/// <summary>A fuzzer that finds nothing may be one that cannot: these show that it tells what is wrong.</summary>
public sealed class FuzzerTests
{
    private static readonly byte[][] Letters = [.. Enumerable.Range('a', 26).Select(letter => new[] { (byte)letter, (byte)'@', (byte)letter })];

    private const int MaxLength = 1 << 12;

    [Fact]
    public void Exception_is_a_fault_and_its_input_is_kept()
    {
        var result = new Fuzzer(input => throw new InvalidOperationException($"{input.Length} octets"), TimeSpan.FromMinutes(1)).Run(Letters, Of(1), TimeSpan.FromMinutes(1));

        Assert.Contains("3 octets", result.Fault, StringComparison.Ordinal);
        Assert.Equal(Letters[0], result.FaultyInput);
    }

    [Fact]
    public void Input_that_is_not_read_in_time_is_a_fault()
    {
        using var never = new ManualResetEventSlim();
        var result = new Fuzzer(_ => never.Wait(TimeSpan.FromMinutes(1)), TimeSpan.FromMilliseconds(50)).Run(Letters, Of(1), TimeSpan.FromMinutes(1));
        never.Set();

        Assert.StartsWith("not read within", result.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Same_seed_makes_the_same_inputs()
    {
        var (one, other, another) = (Of(3), Of(3), Of(4));
        byte[][] inputs = [.. Enumerable.Range(0, 100).Select(_ => one.Next())];

        Assert.Equal(inputs, Enumerable.Range(0, 100).Select(_ => other.Next()));
        Assert.NotEqual(inputs, Enumerable.Range(0, 100).Select(_ => another.Next()));
        Assert.All(inputs, input => Assert.True(input.Length <= MaxLength));
    }

    private static Mutator Of(int seed) => new(Letters, seed, FuzzTarget.Texts("@", ".."), MaxLength);
}
