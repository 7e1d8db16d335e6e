using System.Globalization;
using Pillarbox.Fuzzing;

namespace Pillarbox.Fuzz.Tests;

/// <summary>Each target for a short while: with a seed that is always the same, and with one of this run's own, which is told.</summary>
public sealed class TargetTests(TargetTests.Figures figures) : IClassFixture<TargetTests.Figures>
{
    private static readonly TimeSpan _short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(5);

    public static TheoryData<string> Names => [.. FuzzTarget.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Target_fed_what_nobody_would_write_has_no_fault(string name)
    {
        foreach (var seed in new[] { 1, figures.Seed })
        {
            var result = FuzzTarget.Named(name).Run(seed, name == "session" ? _long : _short);

            figures.Add(name, result);
            Assert.True(result.Fault is null, $"{name}, seed {seed}: {result.Fault}\nwith {Corpus.Escape(result.FaultyInput)}");
            Assert.True(result.Executions > 0);
        }
    }

    /// <summary>What all of them did.</summary>
    public sealed class Figures : IDisposable
    {
        private long _inputs;
        private (string Name, TimeSpan Took) _slowest = ("", TimeSpan.Zero);

        /// <summary>Of this run.</summary>
        public int Seed { get; } = Environment.GetEnvironmentVariable("PILLARBOX_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();

        /// <summary>Adds what one did.</summary>
        internal void Add(string name, FuzzResult result)
        {
            _inputs += result.Executions;
            if (result.Slowest > _slowest.Took)
                _slowest = (name, result.Slowest);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            // ./test shows what is in there.
            if (Environment.GetEnvironmentVariable("PILLARBOX_ACCURACY") is { Length: > 0 } folder)
                File.WriteAllText(Path.Combine(folder, "fuzz.txt"), Text());
        }

        private string Text() => string.Create(
            CultureInfo.InvariantCulture,
            $"fuzzing: {FuzzTarget.All.Count} targets, {_inputs} inputs from seeds 1 and {Seed}, the slowest {_slowest.Took.TotalMilliseconds:F0} ms ({_slowest.Name})\n");
    }
}
