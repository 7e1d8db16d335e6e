using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Pillarbox.GuessBench;

/// <summary>Does what good clients do, four times a second, and looks at the clock.</summary>
internal sealed class GoodClient(string what, Func<long, Task<bool>> act)
{
    private static readonly string[] _envelope = ["EHLO good.example", "MAIL FROM:<>", "RCPT TO:<bob@example.com>", "DATA"];

    private readonly List<double> _took = [];
    private long _failed;

    /// <summary>A user who logs in, from where they always do or from elsewhere each time.</summary>
    public static GoodClient User(IPEndPoint server, string name, string password, bool fromElsewhere) => new(
        fromElsewhere ? "another's login, from a new network each time" : "the attacked account's login, from where it always is",
        async number =>
        {
            var client = fromElsewhere ? new IPAddress([0x20, 1, 0xd, 0xb8, 0, 3, (byte)(number >> 8), (byte)number, 0, 0, 0, 0, 0, 0, 0, 1]) : IPAddress.Parse("198.51.100.7");
            var (talk, greeting) = await Talk.ConnectAsync(server, client, number);
            using (talk)
            {
                return greeting.StartsWith("220", StringComparison.Ordinal) && await talk.SayAsync("EHLO good.example") is not ""
                    && (await talk.SayAsync(Talk.Login(name, password))).StartsWith("235", StringComparison.Ordinal);
            }
        });

    /// <summary>A message that needs no login.</summary>
    public static GoodClient Mail(IPEndPoint server) => new("a message without login", async number =>
    {
        var (talk, _) = await Talk.ConnectAsync(server, IPAddress.Parse("198.51.100.8"), number);
        using (talk)
        {
            foreach (var line in _envelope)
                await talk.SayAsync(line);
            return (await talk.SayAsync("Subject: x\r\n\r\nx\r\n.")).StartsWith("250", StringComparison.Ordinal);
        }
    });

    /// <summary>Goes on until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        for (var number = 0L; !stop.IsCancellationRequested; number++)
        {
            var began = Stopwatch.GetTimestamp();
            if (await act(number))
                _took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            else
                _failed++;
            await Task.Delay(250, CancellationToken.None);
        }
    }

    public override string ToString()
    {
        _took.Sort();
        return _took.Count == 0 ? $"{what}: none of {_failed}" : string.Create(CultureInfo.InvariantCulture,
            $"{what}: {_took.Count} went through, {_failed} did not; median {_took[_took.Count / 2]:F1} ms, 95 of 100 within {_took[_took.Count * 95 / 100]:F1} ms, longest {_took[^1]:F0} ms");
    }
}
