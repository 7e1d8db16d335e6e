using System.Globalization;
using Pillarbox.IdleBench;

// What connections cost that do nothing, or next to nothing, and what a good client sees of it:
//   dotnet run -c Release --project bench/Pillarbox.IdleBench -- [CONNECTIONS [SECONDS]]
if (args is ["server"])
    return await BenchServer.RunAsync();

var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 8;
Console.WriteLine($"{count} connections, {seconds} s of a good client each: a session is connect, EHLO, MAIL, RCPT, DATA, 1 KB, QUIT, one after the other");
Console.WriteLine("| connections | managed, B each | working set, B each | good sessions/s | median, ms | 99 of 100 within, ms | longest, ms |");
Console.WriteLine("|---|---|---|---|---|---|---|");
foreach (var kind in Enum.GetValues<CrowdKind>())
    await MeasureAsync(kind);
return 0;

async Task MeasureAsync(CrowdKind kind)
{
    await using var server = await ServerProcess.StartAsync();
    await GoodClient.RunAsync(server.Address, TimeSpan.FromSeconds(3));
    var before = await server.MeasureAsync();
    await using var crowd = await Crowd.ConnectAsync(server.Address, kind == CrowdKind.None ? 0 : count, kind);

    // Two rounds of octets: what comes of them is there when memory is measured.
    await Task.Delay(Crowd.Round * 2);
    var after = await server.MeasureAsync();
    var figures = await GoodClient.RunAsync(server.Address, TimeSpan.FromSeconds(seconds));
    crowd.ThrowIfCut();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {Crowd.Describe(kind)} | {Each(after.Managed - before.Managed)} | {Each(after.WorkingSet - before.WorkingSet)} | {figures.Rate:F0} | {figures.Median:F2} | {figures.High:F2} | {figures.Longest:F1} |"));

    string Each(long octets) => crowd.Count == 0 ? "" : (octets / crowd.Count).ToString(CultureInfo.InvariantCulture);
}
