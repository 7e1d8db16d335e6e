namespace Pillarbox.Fuzzing;

/// <summary>Makes inputs out of others: the same ones for the same seed.</summary>
/// <param name="seeds">Inputs to begin with.</param>
/// <param name="seed">Where the random numbers start.</param>
/// <param name="tokens">What is put in between.</param>
/// <param name="maxLength">Octets that an input has at most.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, int seed, IReadOnlyList<byte[]> tokens, int maxLength)
{
    private const int MaxSteps = 8;
    private const int MaxRepeats = 2000;

    private readonly Random _random = new(seed);

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        var input = Pick(seeds);
        for (var steps = _random.Next(1, MaxSteps); steps > 0; steps--)
            input = Mutate(input);
        return input.Length <= maxLength ? input : input[..maxLength];
    }

    private byte[] Mutate(byte[] input)
    {
        var (start, end) = Range(input.Length);
        return _random.Next(6) switch
        {
            0 => Flipped(input),
            1 => [.. input[..start], .. input[end..]],
            2 => Spliced(input, start),
            3 => Repeated(input, start, end),
            4 => [.. input[..start], .. Token(), .. input[start..]],
            _ => [.. input[..start], .. Token(), .. input[end..]],
        };
    }

    private byte[] Flipped(byte[] input)
    {
        var flipped = (byte[])input.Clone();
        for (var times = _random.Next(1, 16); times > 0 && flipped.Length > 0; times--)
            flipped[_random.Next(flipped.Length)] ^= (byte)(1 << _random.Next(8));
        return flipped;
    }

    private byte[] Spliced(byte[] input, int at)
    {
        var other = Pick(seeds);
        var (start, end) = Range(other.Length);
        return [.. input[..at], .. other[start..end], .. input[at..]];
    }

    private byte[] Repeated(byte[] input, int start, int end)
    {
        var length = Math.Max(1, end - start);
        var times = Math.Min(_random.Next(1, MaxRepeats), (maxLength - Math.Min(maxLength, input.Length)) / length);
        var repeated = new List<byte>(input.Length + (times * length));
        repeated.AddRange(input[..end]);
        for (; times > 0; times--)
            repeated.AddRange(input[start..end]);
        repeated.AddRange(input[end..]);
        return [.. repeated];
    }

    // Short ranges far more often than long ones, and those of whole lines as often as any.
    private (int Start, int End) Range(int length)
    {
        var start = _random.Next(length + 1);
        var end = Math.Min(length, start + _random.Next(1 << _random.Next(1, 12)));
        return (start, end);
    }

    private byte[] Token() => tokens.Count == 0 ? [(byte)_random.Next(256)] : Pick(tokens);

    private T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];
}
