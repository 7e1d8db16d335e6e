using System.Diagnostics.Metrics;

namespace Pillarbox.Server;

/// <summary>The server's figures; the meter is <c>Pillarbox.Server</c>.</summary>
internal sealed class ServerMetrics
{
    private readonly UpDownCounter<int> _active;
    private readonly Counter<long> _sessions;
    private readonly Counter<long> _messages;
    private readonly Histogram<long> _sizes;
    private readonly Counter<long> _replies;
    private readonly Counter<long> _logins;
    private readonly Histogram<double> _accept;

    private ServerMetrics()
    {
        var meter = new Meter("Pillarbox.Server");
        _active = meter.CreateUpDownCounter<int>("pillarbox.sessions.active", "{session}", "Sessions that run now.");
        _sessions = meter.CreateCounter<long>("pillarbox.sessions", "{session}", "Sessions begun, refused ones included.");
        _messages = meter.CreateCounter<long>("pillarbox.messages.accepted", "{message}", "Messages acknowledged with a 250.");
        _sizes = meter.CreateHistogram<long>("pillarbox.messages.size", "By", "Octets of accepted messages.");
        _replies = meter.CreateCounter<long>("pillarbox.replies.negative", "{reply}", "4yz and 5yz replies given, by code.");
        _logins = meter.CreateCounter<long>("pillarbox.logins", "{login}", "Logins tried, by outcome.");
        _accept = meter.CreateHistogram<double>("pillarbox.accept.duration", "s", "From the end of a message to its being durable.");
    }

    /// <summary>The process's own.</summary>
    public static ServerMetrics Shared { get; } = new();

    public void SessionBegun(string listener)
    {
        _active.Add(1);
        _sessions.Add(1, new KeyValuePair<string, object?>("listener", listener));
    }

    public void SessionEnded() => _active.Add(-1);

    public void MessageAccepted(string listener, long size, TimeSpan took)
    {
        _messages.Add(1, new KeyValuePair<string, object?>("listener", listener));
        _sizes.Record(size);
        _accept.Record(took.TotalSeconds);
    }

    public void Refused(int code) => _replies.Add(1, new KeyValuePair<string, object?>("code", code));

    public void Login(string outcome) => _logins.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
