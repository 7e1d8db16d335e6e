using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pillarbox.Queue;
using Pillarbox.Server.Sessions;
using Pillarbox.Server.Transport;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Dns;
using Pillarbox.Trust.Tls;
using Pillarbox.Trust.Tokens;

namespace Pillarbox.Server;

/// <summary>Puts an SMTP server into a host.</summary>
public static class SmtpServerHosting
{
    /// <summary>
    /// Adds the server's listeners to Kestrel. Needs a <see cref="MailQueue"/>, an <see cref="IAccountSource"/> and, where a listener
    /// has TLS, <see cref="ServerCertificates"/> among the services. ETRN needs an <see cref="IDomainRetry"/>, the refusal of null MX an <see cref="IResolver"/>,
    /// a login by token a <see cref="TokenVerifier"/>.
    /// </summary>
    public static IWebHostBuilder UseSmtpServer(this IWebHostBuilder builder, SmtpServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        builder.ConfigureServices(services => AddServices(services, options));
        return builder.ConfigureKestrel(kestrel =>
        {
            foreach (var listener in options.Listeners)
                kestrel.Listen(new SmtpEndPoint(listener.Address), listen => Serve(listen, listener));
        });
    }

    private static void AddServices(IServiceCollection services, SmtpServerOptions options)
    {
        services.AddSingleton<IConnectionListenerFactory>(provider =>
            new SmtpTransportFactory(options, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(new PolicySource(options.Policy));
        services.AddSingleton(new SessionLog(options.KeptSessions));
        services.AddSingleton<SmtpEndpoints>();
        services.AddSingleton<ServerLog>();
        services.AddSingleton<SmtpConnectionHandler>();
        services.AddSingleton(provider => new ServerContext(
            options,
            provider.GetRequiredService<PolicySource>(),
            provider.GetRequiredService<MailQueue>(),
            provider.GetRequiredService<IAccountSource>(),
            provider.GetService<ServerCertificates>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ServerLog>())
        {
            Retry = provider.GetService<IDomainRetry>(),
            Resolver = provider.GetService<IResolver>(),
            Tokens = provider.GetService<TokenVerifier>(),
        });
        services.AddSingleton(provider =>
        {
            var registry = new SessionRegistry(provider.GetRequiredService<ServerContext>(), provider.GetRequiredService<SessionLog>());
            provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(registry.BeginStop);
            return registry;
        });
    }

    private static void Serve(ListenOptions listen, ListenerOptions listener)
    {
        var services = listen.ApplicationServices;
        if (listener.Tls != ListenerTls.None && services.GetService<ServerCertificates>() is null)
            throw new InvalidOperationException($"listener {listener.Name} has TLS, and there is no certificate");
        if (listener.ClientCertificates != ClientCertificates.None && services.GetService<ServerCertificates>()?.Clients is null)
            throw new InvalidOperationException($"listener {listener.Name} asks clients for certificates, and nobody may have signed them");

        services.GetRequiredService<SmtpEndpoints>().Add(listener.Name, listen);
        var handler = services.GetRequiredService<SmtpConnectionHandler>();
        listen.Run(connection => handler.HandleAsync(connection, listener));
    }
}
