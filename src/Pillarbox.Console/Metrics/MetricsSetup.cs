using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Pillarbox.WebConsole.Metrics;

/// <summary>Every room's figures, and the runtime's, in Prometheus' format.</summary>
internal static class MetricsSetup
{
    // OpenTelemetry's default boundaries are for milliseconds; ours are seconds (from a fast sync to a slow peer) and octets.
    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
    private static readonly double[] Octets = [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20];

    public static void AddPillarboxMetrics(this IServiceCollection services) =>
        services.AddOpenTelemetry().ConfigureResource(Name).WithMetrics(metrics => metrics
            .AddMeter("Pillarbox.*")
            .AddMeter("System.Runtime")
            .AddView(instrument => IsOwnHistogram(instrument) ? Boundaries(instrument.Unit) : null)
            .AddPrometheusExporter());

    private static void Name(ResourceBuilder resource) =>
        resource.AddService("pillarbox", serviceVersion: typeof(MetricsSetup).Assembly.GetName().Version?.ToString(3), autoGenerateServiceInstanceId: false);

    private static bool IsOwnHistogram(Instrument instrument) =>
        instrument.Meter.Name.StartsWith("Pillarbox.", StringComparison.Ordinal) && instrument is Histogram<double> or Histogram<long> or Histogram<int>;

    private static ExplicitBucketHistogramConfiguration? Boundaries(string? unit) => unit switch
    {
        "s" => new() { Boundaries = Seconds },
        "By" => new() { Boundaries = Octets },
        _ => null,
    };
}
