using Pillarbox.Server.Handlers;

namespace Pillarbox.Server.Sessions;

/// <summary>What a session waits for its client to do.</summary>
internal enum Waiting
{
    /// <summary>To begin a line, or to end one.</summary>
    Line,

    /// <summary>To go on with a message.</summary>
    Data,

    /// <summary>To take what it was sent.</summary>
    Taking,

    /// <summary>To get through what comes ahead of the conversation: a PROXY header, a TLS handshake.</summary>
    Handshake,
}

/// <summary>
/// How long a client has kept its session waiting, and how fast its data comes (RFC 5321 §4.5.3.2). The session notes it with a few
/// plain writes; the sweep, once a second and from another thread, reads and judges. No session has a timer.
/// </summary>
internal sealed class Patience(TimeProvider time, SessionState state)
{
    // Written by the session.
    private Waiting _for;
    private long _since;
    private long _lineSince;
    private long _transactionSince;
    private int _transaction;
    private bool _inData;
    private int _data;
    private long _dataWaited;
    private long _dataReceived;
    private long _faultSince;

    // The sweep's own: where the span began over which it measures the rate.
    private int _spanOf;
    private long _spanWaited;
    private long _spanReceived;

    /// <summary>Whether what comes is a message, and no lines.</summary>
    public bool IsInData => _inData;

    /// <summary>Whether the wait cannot be cancelled: whoever wants to end it cuts the connection.</summary>
    public bool IsBlind => Volatile.Read(ref _since) != 0 && _for is Waiting.Taking or Waiting.Handshake;

    /// <summary>How long the wait has lasted; zero while the session itself is at work.</summary>
    public TimeSpan Waited => Volatile.Read(ref _since) is var since and not 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>A line has come whole; the next one has its own time.</summary>
    public void LineTaken() => _lineSince = 0;

    /// <summary>A message, or a chunk of one, comes from here on.</summary>
    public void BeginData()
    {
        Volatile.Write(ref _dataWaited, 0);
        Volatile.Write(ref _dataReceived, 0);
        Volatile.Write(ref _data, _data + 1);
        _inData = true;
    }

    /// <summary>So many octets of it have come.</summary>
    public void Received(long octets) => Volatile.Write(ref _dataReceived, _dataReceived + octets);

    /// <summary>What comes now is only read to be thrown away.</summary>
    public void DataIsInVain()
    {
        if (_faultSince == 0)
            Volatile.Write(ref _faultSince, time.GetTimestamp());
    }

    /// <summary>Lines come from here on.</summary>
    public void EndData()
    {
        _inData = false;
        _lineSince = 0;
        Volatile.Write(ref _faultSince, 0);
    }

    /// <summary>The session waits for the client to send more.</summary>
    public void BeginRead()
    {
        var now = time.GetTimestamp();
        NoteTransaction(now);

        // A line has its time as a whole, so that an octet now and then does not hold a session for ever; data is renewed by every read.
        if (_inData)
            Begin(Waiting.Data, now);
        else
            Begin(Waiting.Line, _lineSince == 0 ? _lineSince = now : _lineSince);
    }

    /// <summary>More has come.</summary>
    public void EndRead()
    {
        if (_inData)
            Volatile.Write(ref _dataWaited, _dataWaited + time.GetTimestamp() - _since);
        End();
    }

    /// <summary>The session waits for something else of the client.</summary>
    public void Begin(Waiting what) => Begin(what, time.GetTimestamp());

    /// <summary>The client has done it.</summary>
    public void End() => Volatile.Write(ref _since, 0);

    /// <summary>For the sweep: which limit is overstepped, if any. Never while the session itself is at work.</summary>
    public Ending Judge(LimitOptions limits)
    {
        var since = Volatile.Read(ref _since);
        if (since == 0)
            return Ending.None;
        if (_for == Waiting.Handshake)
            return IsOver(since, limits.Handshake) ? Ending.Idle : Ending.None;
        if (IsOver(since, limits.Idle))
            return Ending.Idle;

        // Only while more is waited for: the reply to a message is taken behind the end of its transaction.
        if (_for is Waiting.Line or Waiting.Data && IsOver(Volatile.Read(ref _transactionSince), limits.Transaction))
            return Ending.TransactionTooLong;
        if (_for != Waiting.Data)
            return Ending.None;
        if (IsOver(Volatile.Read(ref _faultSince), limits.Idle))
            return Ending.TooMuch;
        return IsTooSlow(since, limits) ? Ending.TooSlow : Ending.None;
    }

    private void Begin(Waiting what, long since)
    {
        _for = what;
        Volatile.Write(ref _since, since);
    }

    private void NoteTransaction(long now)
    {
        if (!state.InTransaction)
        {
            Volatile.Write(ref _transactionSince, 0);
        }
        else if (_transactionSince == 0 || _transaction != state.Transactions)
        {
            _transaction = state.Transactions;
            Volatile.Write(ref _transactionSince, now);
        }
    }

    private bool IsOver(long since, TimeSpan limit) => since != 0 && time.GetElapsedTime(since) > limit;

    // Over each span of waiting that is as long as the idle limit; a pause shorter than that is the client's good right. What counts is
    // the time for which the session waited: while the server itself is slow, nobody else is.
    private bool IsTooSlow(long since, LimitOptions limits)
    {
        var data = Volatile.Read(ref _data);
        if (_spanOf != data)
            (_spanOf, _spanWaited, _spanReceived) = (data, 0, 0);

        var waited = Volatile.Read(ref _dataWaited) + time.GetTimestamp() - since;
        var span = time.GetElapsedTime(_spanWaited, waited);
        if (span <= limits.Idle || Volatile.Read(ref _since) != since)
            return false;

        var received = Volatile.Read(ref _dataReceived);
        var tooSlow = received - _spanReceived < limits.DataRate * span.TotalSeconds;
        (_spanWaited, _spanReceived) = (waited, received);
        return tooSlow;
    }
}
