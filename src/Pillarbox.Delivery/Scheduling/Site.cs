namespace Pillarbox.Delivery.Scheduling;

/// <summary>What a worker gets when it asks for work: a shipment from memory, a parked message, or a promise of either.</summary>
internal readonly record struct Work(Shipment? Shipment, Parked? Parked, Task<bool>? Wait);

/// <summary>
/// One set of connections with the messages that wait for them: a small ready queue of messages in memory, and behind it an
/// unbounded list of parked ones. Workers come as the backlog asks for them and the window allows, and go when idle.
/// </summary>
internal sealed class Site
{
    /// <summary>Messages ready in memory; more are parked.</summary>
    private const int ReadyLimit = 500;

    private readonly Lock _lock = new();
    private readonly ReadyLine<Shipment> _ready = new();
    private readonly ReadyLine<Parked> _parked = new();
    private readonly List<(TaskCompletionSource<bool> Wake, long Since)> _idle = [];
    private readonly ConcurrencyWindow _window;
    private readonly SchedulerContext _context;
    private readonly bool _connects;
    private readonly Func<Site, ICarrier> _carriers;
    private int _workers;
    private int _connected;
    private int _turn;
    private long _lastUsed;
    private Verdict? _holdReason;
    private DateTimeOffset _holdUntil;

    /// <param name="name">For logs.</param>
    /// <param name="limit">Workers at most.</param>
    /// <param name="connects">Whether a worker is a connection, and takes one of all that there may be.</param>
    /// <param name="carriers">Makes a worker's carrier.</param>
    /// <param name="context">What all sites share.</param>
    public Site(string name, int limit, bool connects, Func<Site, ICarrier> carriers, SchedulerContext context)
    {
        Name = name;

        // Files on this machine need no trying out; nobody would report success of them either.
        _window = connects ? new ConcurrencyWindow(limit) : new ConcurrencyWindow(limit, start: limit);
        _connects = connects;
        _carriers = carriers;
        _context = context;
        _lastUsed = context.Time.GetTimestamp();
    }

    public string Name { get; }

    /// <summary>Messages that wait here.</summary>
    public int Backlog
    {
        get
        {
            lock (_lock)
                return _ready.Count + _parked.Count;
        }
    }

    public int Workers => Volatile.Read(ref _workers);

    /// <summary>Puts a shipment from memory into the ready queue, or parks it where that is full.</summary>
    public void Enqueue(Shipment shipment)
    {
        lock (_lock)
        {
            if (_ready.Count < ReadyLimit)
            {
                _ready.Enqueue(shipment, shipment.Envelope.Requests.Priority);
                WakeOrSpawn();
                return;
            }
        }

        // The claims go back first: a parked message whose recipients were still claimed would be passed over.
        var parked = shipment.ToParked();
        _context.Active.Release(shipment);
        Park(parked);
    }

    public void Park(Parked parked)
    {
        lock (_lock)
        {
            _parked.Enqueue(parked, parked.Priority);
            WakeOrSpawn();
        }
    }

    /// <summary>The next work for a worker.</summary>
    public Work Take()
    {
        lock (_lock)
        {
            if (_context.Draining)
                return new Work(null, null, Task.FromResult(false));
            if ((IsTurnOfParked() || _ready.Count == 0) && _parked.TryDequeue(out var parked))
                return new Work(null, parked, null);
            if (_ready.TryDequeue(out var shipment))
                return new Work(shipment, null, null);

            // Continuations never run on the thread that wakes: that may be a session's.
            var wake = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _idle.Add((wake, _context.Time.GetTimestamp()));
            return new Work(null, null, wake.Task);
        }
    }

    /// <summary>Whether a worker should make room: others wait for a connection, and this site has had its turn.</summary>
    public bool ShouldYield(int served) => _connects && served % 100 == 0 && _context.Slots.IsShort;

    public void Succeeded()
    {
        lock (_lock)
            _window.Succeeded();
    }

    /// <summary>A session ended in trouble.</summary>
    public void Stumbled()
    {
        lock (_lock)
            _window.Failed();
    }

    /// <summary>
    /// No connection could be made. While other workers have one, the site bears no more than those; otherwise nothing is tried for a
    /// while, and what waits shares the verdict.
    /// </summary>
    /// <returns>Whether the shipment goes back to wait for the others.</returns>
    public bool Unreachable(Verdict reason)
    {
        lock (_lock)
        {
            _window.Failed();
            if (_connected > 0)
                return true;
            _holdReason = reason;
            _holdUntil = _context.Time.GetUtcNow() + _context.HoldTime;
            return false;
        }
    }

    /// <summary>A worker has made a connection (+1) or given one up (−1).</summary>
    public void Connected(int change)
    {
        lock (_lock)
        {
            _connected += change;
            if (change > 0)
                _holdReason = null;
        }
    }

    /// <summary>Why nothing is tried now, if so.</summary>
    public Verdict? Held()
    {
        lock (_lock)
        {
            if (_holdReason is not null && _holdUntil <= _context.Time.GetUtcNow())
                _holdReason = null;
            return _holdReason;
        }
    }

    /// <summary>The operator wants it tried now.</summary>
    public void EndHold()
    {
        lock (_lock)
            _holdReason = null;
    }

    /// <summary>A worker is gone.</summary>
    public void WorkerEnded()
    {
        lock (_lock)
        {
            _workers--;
            _lastUsed = _context.Time.GetTimestamp();
        }

        if (_connects)
            _context.Slots.Give();
        Stir();
    }

    /// <summary>Starts a worker if there is work without one.</summary>
    public void Stir()
    {
        lock (_lock)
        {
            if (_ready.Count + _parked.Count > 0 && _idle.Count == 0 && _workers < Math.Max(1, _window.Size))
                Spawn();
        }
    }

    /// <summary>Once a second: idle workers end, waiting work gets one more.</summary>
    /// <returns>Whether the site has been of no use for <paramref name="forget"/>.</returns>
    public bool Tick(TimeSpan idle, TimeSpan forget)
    {
        lock (_lock)
        {
            // Where connections run short, an idle one is wanted elsewhere now.
            var patience = _connects && _context.Slots.IsShort ? TimeSpan.Zero : idle;
            while (_idle.Count > 0 && _context.Time.GetElapsedTime(_idle[0].Since) >= patience)
            {
                _idle[0].Wake.TrySetResult(false);
                _idle.RemoveAt(0);
            }

            Stir();
            return _workers == 0 && _ready.Count + _parked.Count == 0 && Held() is null
                && _context.Time.GetElapsedTime(_lastUsed) >= forget;
        }
    }

    /// <summary>Ends the idle workers; <see cref="SchedulerContext.Draining"/> ends the others as they finish what they have.</summary>
    public void EndIdle()
    {
        lock (_lock)
        {
            foreach (var (wake, _) in _idle)
                wake.TrySetResult(false);
            _idle.Clear();
        }
    }

    // Turn and turn about, so that neither the fresh nor the parked starve. The more urgent of the two takes the other's turn, but for each eighth.
    private bool IsTurnOfParked()
    {
        _turn = (_turn + 1) % 16;
        var inTurn = (_turn & 1) != 0;
        var urgency = _parked.Priority.CompareTo(_ready.Priority);
        return urgency == 0 || _turn is 7 or 8 ? inTurn : urgency > 0;
    }

    private void WakeOrSpawn()
    {
        if (_idle.Count > 0)
        {
            // The one that rested last: the others may then rest long enough to go.
            var wake = _idle[^1].Wake;
            _idle.RemoveAt(_idle.Count - 1);
            wake.TrySetResult(true);
        }
        else if (_workers == 0 || (_workers < _window.Size && _ready.Count + _parked.Count > _workers))
        {
            Spawn();
        }
    }

    private void Spawn()
    {
        if (_context.Draining || (_connects && !_context.Slots.TryTake(this)))
            return;
        _workers++;
        var worker = new Worker(this, _carriers(this), _context);
        _ = Task.Run(worker.RunAsync);
    }
}
