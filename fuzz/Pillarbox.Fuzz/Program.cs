using System.Globalization;
using Pillarbox.Fuzzing;

// dotnet run -c Release --project fuzz/Pillarbox.Fuzz -- TARGET|all SECONDS [SEED]
var names = FuzzTarget.All.Select(target => target.Name).ToArray();
if (args is not [var name, var seconds, ..] || args.Length > 3 || (name != "all" && !names.Contains(name))
    || !int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var duration)
    || !int.TryParse(args.Length > 2 ? args[2] : "1", NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
{
    Console.Error.WriteLine($"usage: Pillarbox.Fuzz TARGET|all SECONDS [SEED]\ntargets: {string.Join(' ', names)}");
    return 2;
}

var status = 0;
foreach (var target in FuzzTarget.All.Where(target => name == "all" || target.Name == name))
{
    var result = target.Run(seed, TimeSpan.FromSeconds(duration));
    Console.WriteLine($"{result.Summary(target.Name)}, seed {seed}");
    if (result.Fault is null)
        continue;

    status = 1;
    var file = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"pillarbox-fuzz-{target.Name}-{seed}-{result.Executions}.bin"));
    File.WriteAllBytes(file, result.FaultyInput!);
    Console.WriteLine($"fault: {string.Join('\n', result.Fault.Split('\n').Take(30))}\nwith {file}");
    if (result.FaultyInput!.Length < 4000)
        Console.WriteLine(Corpus.Escape(result.FaultyInput));
}

return status;
