using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pillarbox.Delivery.Capture;
using Pillarbox.Delivery.Routing;
using Pillarbox.Delivery.Scheduling;
using Pillarbox.Queue;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery;

/// <summary>Puts delivery into a host.</summary>
public static class DeliveryServices
{
    /// <summary>
    /// Adds the delivery of what the queue holds. Needs in the container: <see cref="MailQueue"/> and logging; takes an
    /// <see cref="IResolver"/> (else the system's DNS) and a <see cref="TimeProvider"/> from there; offers <see cref="RoutingSource"/>,
    /// <see cref="DeliveryQueue"/>, <see cref="IDomainRetry"/> and <see cref="DeliveryService"/>.
    /// </summary>
    public static IServiceCollection AddPillarboxDelivery(this IServiceCollection services, DeliveryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Retry.IsDefaultOrEmpty || options.Retry.Any(wait => wait <= TimeSpan.Zero))
            throw new ArgumentException("there is a retry, and each wait is above zero", nameof(options));

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new Chance(new Random()));
        services.TryAddSingleton<IResolver>(provider => new DnsClientResolver(new DnsOptions(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(new RoutingSource(new RoutingTable(options.Routes, options.Domains, options.Lists)));
        services.AddSingleton(provider => new DeliveryService(
            options,
            provider.GetRequiredService<MailQueue>(),
            provider.GetRequiredService<RoutingSource>(),
            provider.GetRequiredService<IResolver>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Chance>(),
            provider.GetRequiredService<ILogger<DeliveryService>>(),
            provider.GetService<CaptureStore>() is { } capture ? capture.AddAsync : null));
        services.AddSingleton(provider => new DeliveryQueue(provider.GetRequiredService<DeliveryService>()));
        services.AddSingleton<IDomainRetry, DomainRetry>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<DeliveryService>());
        return services;
    }

    /// <summary>Adds the place where captured messages are kept: <see cref="CaptureStore"/>. Without it a message that is to be captured waits in the queue.</summary>
    public static IServiceCollection AddPillarboxCapture(this IServiceCollection services, CaptureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddSingleton(provider => new CaptureStore(options, provider.GetRequiredService<ILogger<CaptureStore>>()));
    }
}
