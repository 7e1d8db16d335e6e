namespace Pillarbox.Delivery;

/// <summary>Randomness for many threads, from one source that a test can seed.</summary>
internal sealed class Chance(Random random)
{
    private readonly Lock _lock = new();

    /// <summary>A number from 0 up to, not including, 1.</summary>
    public double Next()
    {
        lock (_lock)
            return random.NextDouble();
    }

    public void Shuffle<T>(T[] items)
    {
        lock (_lock)
            random.Shuffle(items);
    }
}
