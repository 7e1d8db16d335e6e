using System.Buffers;
using System.IO.Pipelines;
using Pillarbox.Protocol.Replies;
using Pillarbox.Server.Handlers;

namespace Pillarbox.Server.Sessions;

/// <summary>
/// A session's two pipes: lines and bytes in, replies out. Replies gather until the session has to wait for the client, and
/// then go out together (RFC 2920 §3.2). Knows when it has waited too long, with no timer of its own: a sweep looks at it.
/// </summary>
internal sealed class Wire(TimeProvider time, TranscriptBuffer transcript, SessionState state, Action abort)
{
    // Replies beyond this go out although more commands are there: a client that never waits must not make them pile up.
    private const int MostUnsent = 4096;

    // How often in a row a session may find more bytes at once before it lets others have the thread that it is on.
    private const int MostTurns = 64;

    // Of a line that is too long, what is thrown away before the session is ended.
    private const int MostSkipped = 1 << 20;

    private static readonly TimeSpan LongestLeave = TimeSpan.FromSeconds(10);

    private readonly long _started = time.GetTimestamp();
    private readonly Patience _patience = new(time, state);
    private PipeReader? _input;
    private PipeWriter? _output;
    private readonly PartialLine _partial = new();
    private ReadOnlySequence<byte> _buffer;
    private bool _reading;
    private bool _skipping;
    private long _skipped;
    private int _turns;
    private int _interrupt;

    /// <summary>What has come and is not taken yet.</summary>
    public ReadOnlySequence<byte> Buffer => _buffer;

    /// <summary>Why the conversation cannot go on, once <see cref="MoreAsync"/> or <see cref="FlushAsync"/> returned false.</summary>
    public Ending Ending { get; private set; }

    /// <summary>Whether the connection was cut, since there was no other way to end a wait.</summary>
    public bool WasCut { get; private set; }

    /// <summary>How long the client has kept the session waiting.</summary>
    public Patience Patience => _patience;

    /// <summary>Speaks over these pipes from now on.</summary>
    public void Use(IDuplexPipe pipes)
    {
        _input = pipes.Input;
        _output = pipes.Output;
    }

    /// <summary>
    /// Forgets whatever came and was not taken, as STARTTLS demands (RFC 3207 §4.2), and lets go of the input. To be called
    /// before the client is told to go ahead: what it sends after that is its handshake.
    /// </summary>
    public void Discard()
    {
        if (_reading)
            _input!.AdvanceTo(_buffer.End);
        _reading = _skipping = false;
        _buffer = default;
        _partial.Clear();
        // More may be there than was looked at; a client that goes on and on spoils its own handshake.
        for (var i = 0; i < MostTurns && _input!.TryRead(out var result); i++)
        {
            _input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return;
        }
    }

    /// <summary>Takes a line that ends in CRLF.</summary>
    /// <param name="limit">Octets allowed, without the CRLF.</param>
    /// <param name="line">The line without its CRLF; valid until <see cref="MoreAsync"/>.</param>
    /// <param name="fault">What is wrong with it, if anything. A line that is too long is said to be so once and then skipped.</param>
    /// <returns>Whether there was one; if not, more must come.</returns>
    public bool TryTakeLine(int limit, out ReadOnlySequence<byte> line, out LineFault fault)
    {
        while (true)
        {
            if (TryTakeFirst(out line, out fault))
            {
                if (fault == LineFault.BareNewline)
                    return true;
                var skipped = _skipping;
                _skipping = false;
                _patience.LineTaken();
                if (skipped)
                    continue;
                if (line.Length > limit)
                    fault = TooLong(line, limit);
                return true;
            }

            if (Untaken.Length <= limit + 2)
                return false;
            fault = SkipAll(limit);
            if (fault != LineFault.None)
                return true;
        }
    }

    /// <summary>Whether what has come begins with these bytes, in whatever case.</summary>
    public bool BeginsWith(ReadOnlySpan<byte> text)
    {
        Span<byte> start = stackalloc byte[text.Length];
        var come = Untaken;
        if (come.Length < text.Length)
            return false;
        come.Slice(0, text.Length).CopyTo(start);
        return System.Text.Ascii.EqualsIgnoreCase(start, text);
    }

    /// <summary>Takes bytes of a message off the front.</summary>
    public void Take(long count)
    {
        _buffer = _buffer.Slice(count);
        _patience.Received(count);
    }

    /// <summary>Lets no more come: what comes has to be thrown away, and there is too much of it.</summary>
    public void GiveUp() => Ending = Ending.TooMuch;

    /// <summary>Sends what has gathered, then waits until more has come than there was.</summary>
    /// <returns>False when the conversation is over.</returns>
    public async ValueTask<bool> MoreAsync()
    {
        if (!_patience.IsInData && _buffer.Length is > 0 and <= PartialLine.MostMoved)
            _partial.Extend(ref _buffer);
        if (_reading)
            _input!.AdvanceTo(_buffer.Start, _buffer.End);
        _reading = false;

        while (true)
        {
            if (HasMuchToSend && !await FlushAsync())
                return false;
            if (++_turns > MostTurns)
            {
                _turns = 0;
                await Task.Yield();
            }

            if (!_input!.TryRead(out var result))
            {
                if (!await FlushAsync())
                    return false;
                _turns = 0;
                _patience.BeginRead();
                result = await _input.ReadAsync();
                _patience.EndRead();
            }

            var grown = result.Buffer.Length > _buffer.Length;
            _buffer = result.Buffer;
            _reading = true;
            if (!_partial.IsEmpty)
                _partial.Extend(ref _buffer);
            if (result.IsCanceled && Interrupted())
                return false;
            if (grown)
                return true;
            if (result.IsCompleted)
            {
                Ending = Ending.ClientGone;
                return false;
            }

            _input!.AdvanceTo(_buffer.Start, _buffer.End);
            _reading = false;
        }
    }

    /// <summary>Whether so many replies have gathered that they should go out before more are made.</summary>
    public bool HasMuchToSend => _output!.UnflushedBytes >= MostUnsent;

    /// <summary>Puts a reply behind those that wait to be sent.</summary>
    public void Write(Reply reply)
    {
        _output!.Write(reply.Wire);
        transcript.Add(Elapsed(), fromServer: true, reply.Wire);
    }

    /// <summary>Notes what the client said.</summary>
    public void Note(ReadOnlySpan<byte> line) => transcript.Add(Elapsed(), fromServer: false, line);

    /// <summary>Sends what has gathered.</summary>
    /// <returns>False when the client does not take it.</returns>
    public async ValueTask<bool> FlushAsync()
    {
        if (_output!.UnflushedBytes == 0)
            return true;

        _patience.Begin(Waiting.Taking);
        var result = await _output.FlushAsync();
        _patience.End();
        if (result.IsCompleted)
            Ending = Ending.ClientGone;
        return !result.IsCompleted;
    }

    /// <summary>
    /// Ends the wait for the client, now or as soon as there is one. From any thread. A client that does not read cannot be told
    /// anything: its connection is cut. (A flush is never cancelled: over TLS that would lose the reply and send it twice later.)
    /// </summary>
    public void Interrupt(Ending why)
    {
        Volatile.Write(ref _interrupt, (int)why);
        if (_patience.IsBlind)
        {
            if (why != Ending.ShuttingDown && !IsTakingLeave)
            {
                WasCut = true;
                abort();
            }

            return;
        }

        try
        {
            _input?.CancelPendingRead();
        }
        catch (ObjectDisposedException)
        {
            // The session ended at this very moment.
        }
    }

    // What has come of lines and is not taken.
    private ReadOnlySequence<byte> Untaken => _partial.IsEmpty ? _buffer : _partial.Content;

    private bool TryTakeFirst(out ReadOnlySequence<byte> line, out LineFault fault)
    {
        if (_partial.IsEmpty)
            return CrlfLine.TryTake(ref _buffer, out line, out fault);
        var content = _partial.Content;
        if (!CrlfLine.TryTake(ref content, out line, out fault))
            return false;
        _partial.Clear();
        return true;
    }

    // No line end in sight: that is said once, and the rest of the line dropped as it comes.
    private LineFault SkipAll(int limit)
    {
        var told = _skipping;
        var fault = told ? LineFault.None : TooLong(Untaken, limit);
        _skipping = true;
        _skipped = (told ? _skipped : 0) + Untaken.Length - 1;
        if (_partial.IsEmpty)
        {
            _buffer = _buffer.Slice(_buffer.GetPosition(_buffer.Length - 1));
        }
        else
        {
            _partial.KeepLast();
            _partial.Extend(ref _buffer);
        }

        return _skipped > MostSkipped ? LineFault.Endless : fault;
    }

    private static LineFault TooLong(in ReadOnlySequence<byte> line, int limit) =>
        BdatLine.MayBeMeant(line, limit) ? LineFault.BdatTooLong : LineFault.TooLong;

    // The sweep comes every second; who was told why it ends has more than that to take it.
    private bool IsTakingLeave => Ending != Ending.None && _patience.Waited < LongestLeave;

    // Whoever is in a transaction may finish it within the grace.
    private bool Interrupted()
    {
        var why = (Ending)Interlocked.Exchange(ref _interrupt, 0);
        if (why == Ending.None || (why == Ending.ShuttingDown && state.InTransaction))
            return false;
        Ending = why;
        return true;
    }

    private uint Elapsed() => (uint)time.GetElapsedTime(_started).TotalMilliseconds;
}
