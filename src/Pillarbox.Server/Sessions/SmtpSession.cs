using System.IO.Pipelines;
using System.Net;
using Pillarbox.Protocol.Replies;
using Pillarbox.Server.Handlers;
using Pillarbox.Server.Transport;

namespace Pillarbox.Server.Sessions;

/// <summary>One session with one client, from the connection to its end: who it is, TLS, the conversation, and what is left to do when it is over.</summary>
internal sealed class SmtpSession
{
    private readonly ServerContext _server;
    private readonly SessionState _state;
    private readonly TranscriptBuffer _transcript;
    private readonly Wire _wire;
    private readonly Conversation _conversation;
    private readonly Action _abort;
    private readonly Admission _admission;
    private readonly DateTimeOffset _started;
    private DateTimeOffset? _ended;

    public SmtpSession(ServerContext server, CommandHandler commands, ListenerOptions listener, IPAddress client, long number, Action abort)
    {
        _abort = abort;
        _server = server;
        _state = new SessionState(listener, client);
        _admission = new Admission(server, _state);
        _transcript = new TranscriptBuffer(server.Options.TranscriptOctets);
        _wire = new Wire(server.Time, _transcript, _state, abort);
        _started = server.Time.GetUtcNow();
        Number = number;
        Id = SessionId.Format(number);
        _conversation = new Conversation(server, commands, _state, _wire, _admission, Id);
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
        _conversation.Stop();
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

            _conversation.Say(_server.Greeting(_state.Listener));
            while (true)
            {
                if (await _conversation.RunAsync() != After.StartTls)
                {
                    end = Farewell.Describe(_wire.Ending, _conversation.IsStopping);
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
                    _conversation.Say(refusal);
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
                await _conversation.DropAsync();
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
        _conversation.Say(refusal);
        await _wire.FlushAsync();
    }

    private async ValueTask<bool> TryTellFaultAsync()
    {
        try
        {
            _conversation.Say(ReplyCatalogue.InternalFault);
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
