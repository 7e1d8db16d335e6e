using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pillarbox.Delivery.Client;

namespace Pillarbox.Delivery;

/// <summary>Delivery's figures, on the meter <c>Pillarbox.Delivery</c>.</summary>
internal static class DeliveryMetrics
{
    private const string Name = "Pillarbox.Delivery";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        "pillarbox.delivery.attempts", "{recipient}", "Attempts to deliver to a recipient, by outcome.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "pillarbox.delivery.duration", "s", "Time that a delivery of a message to one destination took, from taking it up to its outcome.");

    private static readonly UpDownCounter<long> Connections = Meter.CreateUpDownCounter<long>(
        "pillarbox.delivery.connections", "{connection}", "Connections to other servers.");

    private static readonly Counter<long> Opened = Meter.CreateCounter<long>(
        "pillarbox.delivery.connections.opened", "{connection}", "Connections made to other servers, by whether they are encrypted.");

    private static readonly Counter<long> Reports = Meter.CreateCounter<long>(
        "pillarbox.delivery.reports", "{message}", "Bounces, delay notices and reports of success written, by kind.");

    private static readonly Counter<long> Unrecorded = Meter.CreateCounter<long>(
        "pillarbox.delivery.store_faults", "{fault}", "Outcomes that the store did not take at the first time.");

    private static readonly KeyValuePair<string, object?> Delivered = new("outcome", "delivered");
    private static readonly KeyValuePair<string, object?> Deferred = new("outcome", "deferred");
    private static readonly KeyValuePair<string, object?> Failed = new("outcome", "failed");

    /// <summary>Makes queue sizes visible until the result is disposed of.</summary>
    public static IDisposable Observe(Func<IEnumerable<Measurement<long>>> messages)
    {
        var meter = new Meter(Name);
        meter.CreateObservableGauge("pillarbox.delivery.queue", messages, "{message}", "Messages that delivery knows of, by where they wait.");
        return meter;
    }

    public static void Attempt(Disposition disposition, int recipients) => Attempts.Add(recipients, disposition switch
    {
        Disposition.Delivered => Delivered,
        Disposition.Deferred => Deferred,
        _ => Failed,
    });

    public static void Took(TimeSpan duration) => Duration.Record(duration.TotalSeconds);

    public static void ConnectionOpened(SmtpClientSession session)
    {
        Opened.Add(1, new TagList { { "tls", session.IsEncrypted } });
        Connections.Add(1);
    }

    public static void ConnectionClosed() => Connections.Add(-1);

    public static void Report(string kind) => Reports.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public static void StoreFault() => Unrecorded.Add(1);
}
