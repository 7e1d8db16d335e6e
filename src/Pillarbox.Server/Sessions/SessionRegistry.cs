using System.Collections.Concurrent;
using System.Net;
using Pillarbox.Protocol.Replies;
using Pillarbox.Server.Handlers;

namespace Pillarbox.Server.Sessions;

/// <summary>
/// The sessions that run: how many there may be, which of them have waited too long, and how they are asked to stop.
/// One timer sweeps over all of them once a second; no session has a timer.
/// </summary>
internal sealed class SessionRegistry : IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    private readonly ServerContext _server;
    private readonly CommandHandler _commands;
    private readonly SessionLog _log;
    private readonly ConcurrentDictionary<IPAddress, int> _perClient = new();
    private readonly ITimer _sweep;
    private long _last;
    private int _count;
    private long _stopSince;

    public SessionRegistry(ServerContext server, SessionLog log)
    {
        _server = server;
        _commands = new CommandHandler(server);
        _log = log;
        _last = server.Time.GetUtcNow().ToUnixTimeMilliseconds() << 16;
        _sweep = server.Time.CreateTimer(static state => ((SessionRegistry)state!).Sweep(), this, SweepEvery, SweepEvery);
    }

    private bool Stopping => Volatile.Read(ref _stopSince) != 0;

    /// <summary>Begins a session, or says what to answer in place of a greeting.</summary>
    public SmtpSession Begin(ListenerOptions listener, IPAddress client, Action abort, out Reply? refusal)
    {
        var limits = _server.Policy.Current.Limits;
        var total = Interlocked.Increment(ref _count);
        var ofClient = _perClient.AddOrUpdate(client, 1, static (_, count) => count + 1);
        refusal = Stopping ? ReplyCatalogue.ShuttingDown
            : total > limits.Connections ? ReplyCatalogue.TooManyConnections
            : ofClient > limits.ConnectionsPerClient ? ReplyCatalogue.TooManyConnectionsFromClient
            : null;

        var session = new SmtpSession(_server, _commands, listener, client, Interlocked.Increment(ref _last), abort);
        _server.Metrics.SessionBegun(listener.Name);
        _log.Add(session);
        if (Stopping)
            session.Stop(graceOver: false);
        return session;
    }

    /// <summary>A session is over.</summary>
    /// <param name="session">The session.</param>
    /// <param name="kept">Whether its transcript is worth keeping: a flood of refused connections must not push out the others.</param>
    public void End(SmtpSession session, bool kept)
    {
        _server.Metrics.SessionEnded();
        _log.End(session, kept);
        Release(session.Client);
    }

    /// <summary>The server stops: sessions between transactions end now, the others as soon as theirs does, and all when the grace is over.</summary>
    public void BeginStop()
    {
        if (Interlocked.CompareExchange(ref _stopSince, _server.Time.GetTimestamp(), 0) != 0)
            return;
        foreach (var session in _log.Running)
            session.Stop(graceOver: false);
    }

    public void Dispose() => _sweep.Dispose();

    private void Release(IPAddress client)
    {
        Interlocked.Decrement(ref _count);
        while (_perClient.TryGetValue(client, out var count))
        {
            if (count > 1 ? _perClient.TryUpdate(client, count - 1, count) : _perClient.TryRemove(new(client, count)))
                return;
        }
    }

    private void Sweep()
    {
        var limits = _server.Policy.Current.Limits;
        var graceOver = Stopping && _server.Time.GetElapsedTime(Volatile.Read(ref _stopSince)) >= limits.ShutdownGrace;
        foreach (var session in _log.Running)
        {
            if (graceOver)
                session.Stop(graceOver: true);
            else if (session.Judge(limits) is var overstepped and not Ending.None)
                session.Interrupt(overstepped);
        }
    }
}
