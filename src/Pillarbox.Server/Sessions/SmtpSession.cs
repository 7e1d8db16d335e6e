using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Replies;
using Pillarbox.Protocol.Sasl;
using Pillarbox.Server.Handlers;
using Pillarbox.Server.Transport;

namespace Pillarbox.Server.Sessions;

/// <summary>One conversation with one client, from the greeting to the end. It alone writes.</summary>
internal sealed class SmtpSession
{
    /// <summary>
    /// Octets of a command line without its CRLF. RFC 5321 §4.5.3.1.4 asks for 510, and the extensions add to it
    /// (AUTH= of MAIL alone 500); a response in an AUTH exchange has a limit of its own.
    /// </summary>
    private const int MaxCommandLine = 2046;

    private readonly ServerContext _server;
    private readonly SessionState _state;
    private readonly CommandHandler _commands;
    private readonly TranscriptBuffer _transcript;
    private readonly Wire _wire;
    private readonly MessageReceiver _receiver;
    private readonly ChunkReceiver _chunks;
    private readonly Authentication _authentication;
    private readonly Action _abort;
    private readonly Admission _admission;
    private readonly SecretMask _secrets = new();
    private readonly DateTimeOffset _started;
    private DateTimeOffset? _ended;
    private volatile bool _stopping;

    public SmtpSession(ServerContext server, CommandHandler commands, ListenerOptions listener, IPAddress client, long number, Action abort)
    {
        _abort = abort;
        _server = server;
        _commands = commands;
        _state = new SessionState(listener, client);
        _admission = new Admission(server, _state);
        _transcript = new TranscriptBuffer(server.Options.TranscriptOctets);
        _wire = new Wire(server.Time, _transcript, _state, abort);
        _started = server.Time.GetUtcNow();
        Number = number;
        Id = SessionId.Format(number);
        _receiver = new MessageReceiver(server, _wire, Id);
        _chunks = new ChunkReceiver(server, _wire, _receiver);
        _authentication = new Authentication(server, _wire, Id);
    }

    /// <summary>The session's number; later ones are larger.</summary>
    public long Number { get; }

    /// <summary>The session's name.</summary>
    public string Id { get; }

    /// <summary>Whose session it is.</summary>
    public Admission Admission => _admission;

    /// <summary>Whether it was turned away with a reply in place of the greeting.</summary>
    public bool WasRefused { get; private set; }

    // Most sessions have none, so it is made when there are some.
    private Preliminaries Preliminaries => new(_server, _state, _wire, Id);

    /// <summary>The session with its transcript, as it stands.</summary>
    public EndedSession Described => new(Number, _state.Listener.Name, _state.ClientText, _started, _ended, _transcript);

    /// <summary>Which limit on time the client has overstepped, if any.</summary>
    public Ending Judge(LimitOptions limits) => _wire.Patience.Judge(limits);

    /// <summary>Ends the session, and says why where that can be said.</summary>
    public void Interrupt(Ending why) => _wire.Interrupt(why);

    /// <summary>Asks the session to end: at once, or once the grace is over; otherwise as soon as no transaction is open.</summary>
    public void Stop(bool graceOver)
    {
        _stopping = true;
        _wire.Interrupt(graceOver ? Ending.GraceOver : Ending.ShuttingDown);
    }

    /// <summary>Gives the reply that stands in place of a greeting, and nothing else.</summary>
    public async Task RefuseAsync(IDuplexPipe transport, Reply refusal)
    {
        try
        {
            _wire.Use(transport);
            await RefuseAsync(refusal);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Gone before it was told.
        }
        finally
        {
            Finish("refused");
        }
    }

    /// <summary>Holds the conversation.</summary>
    /// <param name="transport">The connection's pipes.</param>
    public async Task RunAsync(IDuplexPipe transport)
    {
        _wire.Use(transport);
        TlsTransport? tls = null;
        var told = false;
        var end = "fault";
        try
        {
            if (!await OpenAsync(transport))
            {
                end = WasRefused ? "refused" : "no PROXY header";
                told = WasRefused;
                return;
            }

            if (_state.Listener.Tls == ListenerTls.Implicit && (tls = await Preliminaries.SecureAsync(transport)) is null)
            {
                end = "TLS handshake failed";
                return;
            }

            Say(_server.Greeting(_state.Listener));
            while (true)
            {
                if (await ConverseAsync() != After.StartTls)
                {
                    end = Farewell.Describe(_wire.Ending, _stopping);
                    told = await _wire.FlushAsync();
                    return;
                }

                _wire.Discard();
                if (!await _wire.FlushAsync() || (tls = await Preliminaries.SecureAsync(transport)) is null)
                {
                    end = "TLS handshake failed";
                    return;
                }

                // For whom the peer spoke is forgotten with the rest: the session is the peer's again.
                if (_admission.Admit() is { } refusal)
                {
                    end = "refused";
                    Say(refusal);
                    told = await _wire.FlushAsync();
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            end = "connection lost";
        }
        catch (Exception exception)
        {
            _server.Log.SessionFault(exception, Id);
            told = await TryTellFaultAsync();
        }
        finally
        {
            // A client that does not read would hold the connection for as long as it likes: it is cut. One that was told the end
            // of TLS may take its time over that, but not for ever: the sweep watches this wait too.
            if (!told)
                _abort();
            try
            {
                // What the store holds of an unfinished message does not wait for that.
                await _chunks.DropAsync();
            }
            finally
            {
                _wire.Patience.Begin(Waiting.Taking);
                if (tls is not null)
                    await tls.DisposeAsync();
                _wire.Patience.End();
                Finish(end);
            }
        }
    }

    // Makes sure who the client is, and whether it may come in.
    private async ValueTask<bool> OpenAsync(IDuplexPipe transport)
    {
        if (!_admission.AwaitsProxy)
        {
            _admission.Open(client: null);
            return true;
        }

        var (came, client) = await Preliminaries.TakeProxyHeaderAsync(transport);
        if (!came)
            return false;
        _admission.Open(client);
        if (_admission.Admit() is not { } refusal)
            return true;
        await RefuseAsync(refusal);
        return false;
    }

    // Where TLS comes first, the connection is just closed: a handshake is work, and there is too much of that already.
    private async ValueTask RefuseAsync(Reply refusal)
    {
        WasRefused = true;
        if (_state.Listener.Tls == ListenerTls.Implicit)
            return;
        Say(refusal);
        await _wire.FlushAsync();
    }

    // Takes commands until the session closes or TLS is to begin.
    private async ValueTask<After> ConverseAsync()
    {
        while (true)
        {
            if (_stopping && !_state.InTransaction)
            {
                Say(ReplyCatalogue.ShuttingDown);
                return After.Close;
            }

            if (_wire.HasMuchToSend && !await _wire.FlushAsync())
                return After.Close;

            var limit = LineLimit();
            if (!_wire.TryTakeLine(limit, out var line, out var fault))
            {
                if (await _wire.MoreAsync())
                    continue;
                SayWhyEnding();
                return After.Close;
            }

            var step = fault == LineFault.None ? await HandleAsync(line) : Refuse(fault, limit);
            if (step is { After: After.ReceiveMessage } begin)
                step = await ReceiveAsync(begin);
            await _chunks.SettleAsync(_state);
            if (step is not { } answer)
            {
                SayWhyEnding();
                return After.Close;
            }

            if (answer.After == After.Greet && _admission.Admit() is { } refusal)
                answer = new Step(refusal, After.Close);
            if (answer.After == After.MessageOver)
                await EndMessageAsync(answer.Reply);
            else
                Say(answer.Reply);
            if (_wire.Ending != Ending.None)
            {
                SayWhyEnding();
                return After.Close;
            }

            if (answer.After is not (After.GoOn or After.MessageOver or After.Greet))
                return answer.After;

            if (Counts(answer.Reply))
                _state.Errors++;
            if (_state.Errors >= _server.Policy.Current.Limits.Errors)
            {
                Say(ReplyCatalogue.TooManyErrors);
                return After.Close;
            }
        }
    }

    private ValueTask<Step?> HandleAsync(ReadOnlySequence<byte> line)
    {
        var bytes = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        var command = CommandLine.Read(bytes);
        if (command.Verb == Verb.Auth)
            return AuthenticateAsync(command.Argument);

        _wire.Note(_secrets.Mask(command.Verb, bytes));
        if (command.Verb == Verb.Bdat)
            return _chunks.HandleAsync(_state, command.Argument);
        if (command.Verb == Verb.Unknown && BdatLine.IsMeant(line))
            return new(new Step(ReplyCatalogue.BadBdat, After.Close));
        var step = _commands.HandleAsync(_state, command);
        return step.IsCompletedSuccessfully ? new(step.Result) : Await(step);

        static async ValueTask<Step?> Await(ValueTask<Step> step) => await step;
    }

    private ValueTask<Step?> AuthenticateAsync(ReadOnlySpan<byte> argument)
    {
        _wire.Note(_secrets.MaskAuth(argument));
        if ((CommandTable.Refusal(Verb.Auth, _state.Phase) ?? Authentication.Refusal(_state)) is { } refusal)
            return new(new Step(refusal));
        return _authentication.Begin(_state, argument, out var exchange, out var step) is { } fault
            ? new(new Step(fault))
            : RunExchangeAsync(exchange!, step);
    }

    private async ValueTask<Step?> RunExchangeAsync(SaslExchange exchange, SaslStep step)
    {
        if (await _authentication.RunAsync(_state, exchange, step) is not { } verdict)
            return null;
        return new Step(verdict, verdict == ReplyCatalogue.BareNewlineInCommand ? After.Close : After.GoOn);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Step?> ReceiveAsync(Step begin)
    {
        Say(begin.Reply);
        return await _receiver.ReceiveAsync(_state) is { } verdict ? new Step(verdict, After.MessageOver) : default(Step?);
    }

    // Ends the transaction with its verdict: in LMTP once for each recipient (RFC 2033 §4.2), since each has a fate of its own there.
    private async ValueTask EndMessageAsync(Reply verdict)
    {
        if (_state.Answers.Count == 0)
            Say(verdict);
        foreach (var recipient in _state.Answers)
        {
            if (_wire.HasMuchToSend && !await _wire.FlushAsync())
                break;
            Say(ReplyCatalogue.For(recipient.Text, verdict));
        }

        _state.EndTransaction();
    }

    private void Say(Reply reply)
    {
        _wire.Write(reply);
        if (reply.IsNegative)
            _server.Metrics.Refused(reply.Code);
    }

    private static Step Refuse(LineFault fault, int limit) => fault switch
    {
        LineFault.BareNewline => new Step(ReplyCatalogue.BareNewlineInCommand, After.Close),
        LineFault.BdatTooLong => new Step(ReplyCatalogue.BadBdat, After.Close),
        LineFault.Endless => new Step(ReplyCatalogue.TooMuchInVain, After.Close),
        _ => limit == MaxCommandLine ? ReplyCatalogue.LineTooLong : ReplyCatalogue.AuthLineTooLong,
    };

    // An initial response may be as long as any in the exchange (RFC 4954 §4).
    private int LineLimit() => _wire.BeginsWith("AUTH "u8) ? Authentication.MaxLine - 2 : MaxCommandLine;

    // RFC 5321 has no word for it, peers do: what makes no sense counts, what was merely refused does not.
    private static bool Counts(Reply reply) =>
        reply.Code is >= 500 and <= 504 or 555 or 535 or 538 && reply != ReplyCatalogue.ChunkWithoutMessage;

    private void SayWhyEnding()
    {
        if (Farewell.For(_wire.Ending) is { } reply)
            Say(reply);
    }

    private async ValueTask<bool> TryTellFaultAsync()
    {
        try
        {
            Say(ReplyCatalogue.InternalFault);
            return await _wire.FlushAsync();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The client is gone, or the pipe with it; the fault itself is in the log.
            return false;
        }
    }

    private void Finish(string end)
    {
        _ended = _server.Time.GetUtcNow();
        _server.Log.SessionEnded(
            Id, _state.Listener.Name, _state.Client.Equals(_state.Peer) ? _state.ClientText : $"{_state.ClientText} by {_state.Peer}",
            _state.HelloName, _state.Tls ?? "no", _state.Account ?? "-", _state.Messages, _state.Errors, (_ended.Value - _started).TotalSeconds, end);
    }
}
