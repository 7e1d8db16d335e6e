using System.Globalization;
using Pillarbox.Fuzzing;

// dotnet run -c Release --project fuzz/Pillarbox.Fuzz -- bounces|replies SECONDS [SEED]
if (args is not [("bounces" or "replies") and var name, var seconds, ..] || args.Length > 3
    || !int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var duration)
    || !int.TryParse(args.Length > 2 ? args[2] : "1", NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
{
    Console.Error.WriteLine("usage: Pillarbox.Fuzz bounces|replies SECONDS [SEED]");
    return 2;
}

var (target, seeds) = name == "bounces"
    ? ((Action<byte[]>)Targets.Bounces, Seeds.Messages(Path.Combine(Seeds.Repository(), "tests", "Pillarbox.Bounces.Tests", "Messages", "tuning")))
    : (Targets.Replies, Seeds.Replies(Path.Combine(Seeds.Repository(), "src", "Pillarbox.Reference", "Wordings")));
var result = new Fuzzer(target, TimeSpan.FromSeconds(2)).Run(seeds, seed, TimeSpan.FromSeconds(duration));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {result.Executions} inputs from {seeds.Count} seeds, {result.Executions / Math.Max(1.0, duration):F0} a second, seed {seed}"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"slowest: {result.Slowest.TotalMilliseconds:F1} ms, {result.SlowestInput.Length} octets"));
if (result.Fault is null)
    return 0;

var file = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"pillarbox-fuzz-{name}-{seed}-{result.Executions}.bin"));
File.WriteAllBytes(file, result.FaultyInput!);
Console.WriteLine($"fault: {result.Fault}\nwith {file}");
return 1;
