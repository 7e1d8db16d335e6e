using System.Diagnostics;
using System.Globalization;

namespace Pillarbox.Fuzzing;

/// <summary>What a run found.</summary>
/// <param name="Executions">Inputs that were tried.</param>
/// <param name="Slowest">How long the slowest of them took.</param>
/// <param name="SlowestInput">That one.</param>
/// <param name="Fault">What went wrong; null where nothing did.</param>
/// <param name="FaultyInput">What it went wrong with.</param>
internal sealed record FuzzResult(long Executions, TimeSpan Slowest, byte[] SlowestInput, string? Fault = null, byte[]? FaultyInput = null)
{
    /// <summary>How long it took in all.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>In a line: how many, how fast, the slowest, and whether there was a fault.</summary>
    public string Summary(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: {Executions} inputs, {Executions / Math.Max(0.001, Took.TotalSeconds):F0} a second, slowest {Slowest.TotalMilliseconds:F1} ms of {SlowestInput.Length} octets, {(Fault is null ? "no fault" : "a fault")}");
}

/// <summary>Feeds a reader inputs that nobody would write, until the time is over or one is a fault: an exception, or too long a time.</summary>
/// <param name="target">Reads an input; throws where what it made of it is wrong.</param>
/// <param name="limit">What an input may take.</param>
internal sealed class Fuzzer(Action<byte[]> target, TimeSpan limit)
{
    /// <summary>Tries all seeds as they are, then what the mutator makes of them.</summary>
    public FuzzResult Run(IReadOnlyList<byte[]> seeds, Mutator mutator, TimeSpan duration, long most = long.MaxValue)
    {
        var result = new FuzzResult(0, TimeSpan.Zero, []);
        var clock = Stopwatch.StartNew();
        for (var index = 0; result.Executions < most && clock.Elapsed < duration && result.Fault is null; index++)
            result = Try(index < seeds.Count ? seeds[index] : mutator.Next(), result);
        return result with { Took = clock.Elapsed };
    }

    private FuzzResult Try(byte[] input, FuzzResult before)
    {
        var started = Stopwatch.GetTimestamp();
        var fault = Fault(input);
        var took = Stopwatch.GetElapsedTime(started);
        return new FuzzResult(
            before.Executions + 1,
            took > before.Slowest ? took : before.Slowest,
            took > before.Slowest ? input : before.SlowestInput,
            fault,
            fault is null ? null : input);
    }

    // On a thread of its own: an input that never ends is to be told, too. What is slow once may be the machine; slow twice is the input.
    private string? Fault(byte[] input)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var run = Task.Run(() => target(input));
            try
            {
                if (run.Wait(limit))
                    return null;
            }
            catch (AggregateException fault)
            {
                return fault.InnerException?.ToString() ?? fault.Message;
            }
        }

        return $"not read within {limit.TotalSeconds} s";
    }
}
