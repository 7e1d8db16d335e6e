using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pillarbox.Queue;
using Pillarbox.Server;
using Pillarbox.Server.Guessing;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.GuessBench;

/// <summary>The server, in a process of its own, with the accounts of a file: says its ports, and at each line on standard input what it has used.</summary>
internal static class BenchServer
{
    public static async Task<int> RunAsync(string accounts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new MailQueue(new MemoryQueueStore(TimeProvider.System)));
        var counted = new CountedChecks(new FileAccountSource(accounts, Console.Error.WriteLine));
        builder.Services.AddSingleton<IAccountSource>(counted);
        var from = IPNetwork.Parse("127.0.0.0/8");
        builder.WebHost.UseSmtpServer(new SmtpServerOptions
        {
            Hostname = "mx.example.org",
            Listeners =
            [
                new ListenerOptions { Name = "submission", Address = new IPEndPoint(IPAddress.Loopback, 0), Role = ListenerRole.Submission, Auth = ListenerAuth.Required, InsecureAuth = true, ProxyFrom = [from] },
                new ListenerOptions { Name = "inbound", Address = new IPEndPoint(IPAddress.Loopback, 0), ProxyFrom = [from] },
            ],
            InlineScheduling = true,
            Policy = new ServerPolicy(new LimitOptions(), [new LocalDomain("example.com")]) { Guessing = new GuessingOptions { Never = [] } },
        });
        await using var app = builder.Build();
        await app.StartAsync();
        var bound = app.Services.GetRequiredService<SmtpEndpoints>().Bound;
        Console.WriteLine($"{bound.First(each => each.Listener == "submission").Address.Port} {bound.First(each => each.Listener == "inbound").Address.Port}");
        while (await Console.In.ReadLineAsync() is not null)
        {
            var now = string.Create(CultureInfo.InvariantCulture, $"{Environment.CpuUsage.TotalTime.TotalSeconds:F2} {Environment.WorkingSet} {counted.Checks}");
            Console.WriteLine(now);
        }

        return 0;
    }

    private sealed class CountedChecks(FileAccountSource accounts) : IAccountSource
    {
        private long _checks;

        public long Checks => Volatile.Read(ref _checks);

        public IReadOnlySet<string> Mechanisms => accounts.Mechanisms;

        public int ChecksAtOnce => accounts.ChecksAtOnce;

        public ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _checks);
            return accounts.VerifyPasswordAsync(name, password, cancellationToken);
        }

        public ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default) => new(true);
    }
}
