using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Pillarbox.GuessBench;
using Pillarbox.Trust.Accounts;

// What guessing at passwords costs both sides, and what good users see of it:
//   dotnet run -c Release --project bench/Pillarbox.GuessBench -- [GUESSES [NETWORKS]]
if (args is ["server", var file])
    return await BenchServer.RunAsync(file);

var guesses = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
var networks = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100;
var directory = Directory.CreateTempSubdirectory("pillarbox-guess-");
try
{
    var accounts = Path.Combine(directory.FullName, "accounts.toml");
    var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    AccountsFile.Write(accounts, [new Account("ann", AccountSecrets.Create(password, readable: false)), new Account("bob", AccountSecrets.Create(password, readable: false))]);
    Console.WriteLine($"{guesses} guesses over 64 connections at a time, {Environment.ProcessorCount} processors for both sides together");
    await MeasureAsync("nobody guesses", accounts, password, 0, 1, oneName: true);
    await MeasureAsync("one network, at one account", accounts, password, guesses, 1, oneName: true);
    await MeasureAsync($"{networks} networks, at one account", accounts, password, guesses, networks, oneName: true);
    await MeasureAsync($"{networks} networks, at a name each", accounts, password, guesses, networks, oneName: false);
    return 0;
}
finally
{
    directory.Delete(recursive: true);
}

static async Task MeasureAsync(string what, string accounts, string password, int guesses, int networks, bool oneName)
{
    await using var server = await ServerProcess.StartAsync(accounts);
    GoodClient[] good = [GoodClient.User(server.Submission, "ann", password, fromElsewhere: false), GoodClient.User(server.Submission, "bob", password, fromElsewhere: true), GoodClient.Mail(server.Inbound)];
    using var stop = new CancellationTokenSource();
    var goodRuns = good.Select(each => each.RunAsync(stop.Token)).ToList();

    // Ann has logged in before anybody guesses.
    await Task.Delay(TimeSpan.FromSeconds(5));
    var before = await server.MeasureAsync();
    var own = Environment.CpuUsage.TotalTime;
    var began = Stopwatch.GetTimestamp();
    var attack = new Attack(server.Submission, guesses, networks, oneName);
    await attack.RunAsync();
    var took = Stopwatch.GetElapsedTime(began);
    var after = await server.MeasureAsync();
    var attacker = Environment.CpuUsage.TotalTime - own;
    if (guesses == 0)
        await Task.Delay(TimeSpan.FromSeconds(10));
    await stop.CancelAsync();
    await Task.WhenAll(goodRuns);

    Console.WriteLine();
    Console.WriteLine($"## {what}");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{took.TotalSeconds:F0} s; server {after.Seconds - before.Seconds:F1} s of a processor, {after.WorkingSet >> 20} MiB (before: {before.WorkingSet >> 20}); attacker and good clients {attacker.TotalSeconds:F1} s; passwords hashed, good ones too: {after.Checks - before.Checks}"));
    foreach (var (answer, count) in attack.Answers.OrderByDescending(each => each.Value))
        Console.WriteLine($"{count,9} {answer}");
    foreach (var each in good)
        Console.WriteLine($"- {each}");
}
