using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pillarbox.Queue;
using Pillarbox.Server;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.IdleBench;

/// <summary>The server, in a process of its own: says its port, and at each line on standard input what it uses.</summary>
internal static class BenchServer
{
    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new MailQueue(new MemoryQueueStore(TimeProvider.System)));
        builder.Services.AddSingleton<IAccountSource, AnyAccountSource>();
        builder.WebHost.UseSmtpServer(new SmtpServerOptions
        {
            Hostname = "mx.example.org",
            Listeners = [new ListenerOptions { Name = "bench", Address = new IPEndPoint(IPAddress.Loopback, 0) }],
            InlineScheduling = true,
            Policy = new ServerPolicy(
                new LimitOptions { Connections = 1_000_000, ConnectionsPerClient = 1_000_000, DataRate = 0 }, [new LocalDomain("example.com")]),
        });
        await using var app = builder.Build();
        await app.StartAsync();
        Console.WriteLine(app.Services.GetRequiredService<SmtpEndpoints>().Bound[0].Address.Port);
        while (await Console.In.ReadLineAsync() is not null)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            Console.WriteLine($"{GC.GetTotalMemory(forceFullCollection: true)} {Environment.WorkingSet}");
        }

        return 0;
    }
}
