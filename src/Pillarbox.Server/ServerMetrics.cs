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
    private readonly UpDownCounter<int> _loginsWaiting;
    private readonly Histogram<double> _loginDelays;
    private readonly Counter<long> _bans;
    private readonly Histogram<double> _accept;

    private ServerMetrics()
    {
        var meter = new Meter("Pillarbox.Server");
        _active = meter.CreateUpDownCounter<int>("pillarbox.sessions.active", "{session}", "Sessions that run now.");
        _sessions = meter.CreateCounter<long>("pillarbox.sessions", "{session}", "Sessions begun, refused ones included.");
        _messages = meter.CreateCounter<long>("pillarbox.messages.accepted", "{message}", "Messages acknowledged with a 250.");
        _sizes = meter.CreateHistogram<long>("pillarbox.messages.size", "By", "Octets of accepted messages.");
        _replies = meter.CreateCounter<long>("pillarbox.replies.negative", "{reply}", "4yz and 5yz replies given, by code.");
        _logins = meter.CreateCounter<long>("pillarbox.logins", "{login}", "Logins tried, by outcome and mechanism.");
        _loginsWaiting = meter.CreateUpDownCounter<int>("pillarbox.logins.waiting", "{login}", "Logins that wait for their password to be checked.");
        _loginDelays = meter.CreateHistogram<double>("pillarbox.logins.delay", "s", "How long answers to wrong logins were kept back.");
        _bans = meter.CreateCounter<long>("pillarbox.bans", "{ban}", "Bans begun, of networks, and of an account's strangers.");
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

    public void Login(string outcome, string mechanism) =>
        _logins.Add(1, new KeyValuePair<string, object?>("outcome", outcome), new KeyValuePair<string, object?>("mechanism", mechanism));

    public void LoginsWaiting(int more) => _loginsWaiting.Add(more);

    public void LoginDelayed(TimeSpan delay) => _loginDelays.Record(delay.TotalSeconds);

    public void BanBegun(string of) => _bans.Add(1, new KeyValuePair<string, object?>("of", of));
}
