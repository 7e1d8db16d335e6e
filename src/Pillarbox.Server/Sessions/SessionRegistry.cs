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
        var session = new SmtpSession(_server, _commands, listener, client, Interlocked.Increment(ref _last), abort);
        _server.Metrics.SessionBegun(listener.Name);
        _log.Add(session);
        refusal = Stopping ? ReplyCatalogue.ShuttingDown
            : total > limits.Connections ? ReplyCatalogue.TooManyConnections
            : session.Admission.Admit();
        if (Stopping)
            session.Stop(graceOver: false);
        return session;
    }

    /// <summary>A session is over.</summary>
    public void End(SmtpSession session)
    {
        _server.Metrics.SessionEnded();

        // A flood of refused connections must not push out the transcripts of the others.
        _log.End(session, kept: !session.WasRefused);
        session.Admission.Leave();
        Interlocked.Decrement(ref _count);
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
