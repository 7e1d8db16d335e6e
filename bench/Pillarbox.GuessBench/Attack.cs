using System.Collections.Concurrent;
using System.Net;

namespace Pillarbox.GuessBench;

/// <summary>Guesses, as fast as it gets answers. Each worker has a connection at a time, and takes the next network for the next one.</summary>
/// <param name="server">Where.</param>
/// <param name="guesses">How many in all.</param>
/// <param name="networks">From how many networks.</param>
/// <param name="oneName">Whether all are at one name, or each at another.</param>
internal sealed class Attack(IPEndPoint server, int guesses, int networks, bool oneName)
{
    private const int Workers = 64;
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private int _next = -1;
    private long _connections;

    /// <summary>How many guesses got which answer.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync)));

    private async Task WorkAsync()
    {
        while (Interlocked.Increment(ref _next) is var guess && guess < guesses)
        {
            var number = Interlocked.Increment(ref _connections);
            var network = (int)(number % networks);
            var (talk, greeting) = await Talk.ConnectAsync(server, new IPAddress([0x20, 1, 0xd, 0xb8, 0, 1, (byte)(network >> 8), (byte)network, 0, 0, 0, 0, 0, 0, 0, 1]), number);
            using (talk)
            {
                if (!greeting.StartsWith("220", StringComparison.Ordinal))
                {
                    Count(greeting);
                    continue;
                }

                await talk.SayAsync("EHLO guesser.example");
                for (var again = true; again;)
                {
                    var answer = await talk.SayAsync(Talk.Login(oneName ? "ann" : $"user{guess}", $"guess {guess}"));
                    Count(answer);
                    again = answer.StartsWith("535", StringComparison.Ordinal) && (guess = Interlocked.Increment(ref _next)) < guesses;
                }
            }
        }
    }

    private void Count(string answer) => _answers.AddOrUpdate(answer.Length == 0 ? "closed" : answer.Split("\r\n")[0], 1, static (_, count) => count + 1);
}
