using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pillarbox.Configuration;
using Pillarbox.Delivery;
using Pillarbox.Delivery.Capture;
using Pillarbox.Queue;
using Pillarbox.Queue.RocksDb;
using Pillarbox.Server;
using Pillarbox.Trust.Dns;
using Pillarbox.Trust.Tls;
using Pillarbox.Trust.Tokens;
using Pillarbox.WebConsole;

namespace Pillarbox.Hosting;

/// <summary>The composition root: puts the rooms together in one host.</summary>
internal static class ServerHost
{
    // After the sessions' grace, for deliveries under way and for the store to close.
    private static readonly TimeSpan AfterGrace = TimeSpan.FromSeconds(30);

    /// <summary>A host that is ready to start.</summary>
    /// <exception cref="CommandFault">The state directory's content does not allow it.</exception>
    public static WebApplication Build(ServerStart start, PillarboxOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ServerHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        // Settings come from our file alone: what ASP.NET reads besides (ASPNETCORE_URLS and the like) has no say.
        builder.Configuration.Sources.Clear();
        var state = new HostState();
        builder.Services.AddSingleton(state);
        Logs.Configure(builder.Logging, start.LogFormat, () => state.HasStarted);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Console, listen => state.Console = listen);
        });
        builder.WebHost.UseSmtpServer(options.Server with { InlineScheduling = true });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout(options));
        builder.Services.AddSingleton(TimeProvider.System);
        AddQueue(builder.Services, options);
        builder.Services.AddAccounts(options.Accounts);
        AddTokens(builder.Services, options.Tokens);
        AddDelivery(builder.Services, options);
        if (Certificates(options) is { } certificates)
            builder.Services.AddSingleton(certificates);
        builder.Services.AddSingleton(start);
        builder.Services.AddHostedService<Reloader>();
        builder.Services.AddPillarboxConsole(new ConsoleOptions
        {
            Address = options.Console,
            TokenFile = DataDirectory.ConsoleToken(options.Data),
            IsEvaluation = options.IsEvaluation,
        });
        var app = builder.Build();
        app.MapPillarboxConsole();
        return app;
    }

    /// <summary>How long stopping may take in all.</summary>
    public static TimeSpan ShutdownTimeout(PillarboxOptions options) => options.Server.Policy.Limits.ShutdownGrace + AfterGrace;

    private static void AddQueue(IServiceCollection services, PillarboxOptions options)
    {
        services.AddSingleton<IQueueStore>(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            if (options.Store == QueueStoreKind.Memory)
                return new MemoryQueueStore(time);
            try
            {
                return RocksDbQueueStore.Open(
                    new RocksDbQueueOptions { Directory = DataDirectory.Queue(options.Data) }, time, provider.GetRequiredService<ILoggerFactory>());
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                throw new CommandFault($"the queue in {DataDirectory.Queue(options.Data)} cannot be opened: {refused.Message}", refused);
            }
        });
        services.AddSingleton<MailQueue>();
    }

    private static void AddDelivery(IServiceCollection services, PillarboxOptions options)
    {
        services.AddSingleton<IResolver>(provider =>
            new DnsClientResolver(new DnsOptions { Servers = options.DnsServers }, provider.GetRequiredService<TimeProvider>()));
        services.AddPillarboxCapture(new CaptureOptions { Directory = DataDirectory.Captured(options.Data) });
        services.AddPillarboxDelivery(options.Delivery);
    }

    private static void AddTokens(IServiceCollection services, TokenOptions? options)
    {
        if (options is null)
            return;
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredService<ILogger<TokenVerifier>>();
            return new TokenVerifier(options, provider.GetRequiredService<TimeProvider>(), news => HostLog.ProviderNews(log, options.Issuer, news));
        });
    }

    private static ServerCertificates? Certificates(PillarboxOptions options)
    {
        try
        {
            if (options.Certificate is { } files)
                return ServerCertificates.FromPem(files.Certificate, files.Key, Clients(options));
            return options.IsEvaluation
                ? ServerCertificates.LoadOrCreateEvaluation(DataDirectory.Tls(options.Data), options.Server.Hostname, TimeProvider.System)
                : null;
        }
        catch (Exception broken) when (broken is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"the certificate cannot be used: {broken.Message}", broken);
        }
    }

    internal static ClientAuthorities? Clients(PillarboxOptions options) =>
        options.ClientAuthorities is { } file ? ClientAuthorities.FromPem(file, TimeProvider.System) : null;
}
