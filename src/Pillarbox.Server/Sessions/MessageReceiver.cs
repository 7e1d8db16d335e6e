using System.Runtime.CompilerServices;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue;
using Pillarbox.Server.Handlers;

namespace Pillarbox.Server.Sessions;

/// <summary>Receives messages for one session: from 354, or the first chunk, to the reply that promises, or does not.</summary>
internal sealed class MessageReceiver(ServerContext server, Wire wire, string sessionId)
{
    /// <summary>RFC 5321 §6.3 asks for a generous limit of at least 100.</summary>
    private const int MostReceivedLines = 100;

    private readonly DataSource _data = new(wire);

    /// <summary>Receives a message that comes after 354.</summary>
    /// <returns>As <see cref="ReceiveAsync(SessionState, MessageSource)"/>.</returns>
    public ValueTask<Reply?> ReceiveAsync(SessionState session)
    {
        _data.Announce(session.Listener, server.Policy.Current.Limits);
        return ReceiveAsync(session, _data);
    }

    /// <summary>Receives a message and makes it durable, or a chunk that is not the last.</summary>
    /// <returns>The reply; <see langword="null"/> when the client went away in the middle, and nothing of the message is left.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reply?> ReceiveAsync(SessionState session, MessageSource source)
    {
        var goesOn = false;
        try
        {
            // 1. The message to its end, or the next chunk of it; its body goes into the store as it comes.
            if (!source.IsOpen)
                Open(session, source);
            wire.Patience.BeginData();
            var whole = await source.ReadAsync();
            wire.Patience.EndData();
            if (!whole && (wire.Ending == Ending.ClientGone || (source.Failure is null && source.Decoder.Fault == DataFault.None)))
                return null;
            if (Objection(source.Decoder) is { } objection)
                return objection;
            if (source.Failure is { } failure)
                return Failed(source.Id, failure);
            goesOn = !source.IsLast;
            if (goesOn)
                return ReplyCatalogue.ChunkTaken(source.PieceSize);
            if (session.Listener.CheckFrom && session.Senders is { } senders && !Authorship.IsWithin(source.Decoder.Scanner, senders))
                return ReplyCatalogue.AuthorNotYours;

            // 2. The promise: body and envelope are on disk when AcceptAsync returns, and only then is there a 250.
            var began = server.Time.GetTimestamp();
            var envelope = Describe(session, source);
            try
            {
                await server.Queue.AcceptAsync(envelope, source.Body);
            }
            catch (IOException exception)
            {
                return Failed(source.Id, exception);
            }

            server.Metrics.MessageAccepted(session.Listener.Name, envelope.BodySize, server.Time.GetElapsedTime(began));
            session.Messages++;
            return ReplyCatalogue.Queued(source.Id.ToString());
        }
        finally
        {
            if (!goesOn)
                await source.CloseAsync();
        }
    }

    private void Open(SessionState session, MessageSource source)
    {
        source.Decoder.Scanner.Authors = session.Listener.CheckFrom && session.Senders is not null ? new AuthorFields() : null;
        var id = server.Queue.Store.NextId();
        source.Open(id, server.Queue.Store.BeginBody(id));
    }

    private Reply Failed(QueueId id, IOException exception)
    {
        server.Log.StoreFault(exception, id.ToString());
        return exception is StorageFullException || IsFull(exception) ? ReplyCatalogue.StoreFull : ReplyCatalogue.StoreFailed;
    }

    private static Reply? Objection(MessageDecoder decoder) => decoder.Fault switch
    {
        DataFault.BareNewline => ReplyCatalogue.BareNewlineInMessage,
        DataFault.HiddenDot => ReplyCatalogue.HiddenDotInMessage,
        DataFault.TooBig => ReplyCatalogue.MessageTooBig,
        DataFault.LineTooLong => ReplyCatalogue.TextLineTooLong,
        _ => decoder.Scanner.ReceivedCount > MostReceivedLines ? ReplyCatalogue.LoopDetected : null,
    };

    private Envelope Describe(SessionState session, MessageSource source)
    {
        var scanner = source.Decoder.Scanner;
        var now = server.Time.GetUtcNow();
        var captured = session.Listener.Role == ListenerRole.Capture;
        return new Envelope
        {
            Id = source.Id,
            Sender = session.Sender,
            Recipients = captured ? [.. session.Recipients] : server.Policy.Current.Lists.Expand([.. session.Recipients], fromNobody: session.Sender is null),
            Accepted = now,
            BodySize = source.Body.Length,
            Prologue = captured ? default : Prologue.Write(server.Options.Hostname, session, source.Id, now, scanner),
            Traits = (scanner.EightBitBody ? MessageTraits.EightBitBody : 0) | (scanner.EightBitHeader ? MessageTraits.EightBitHeaders : 0)
                | (session.Body == BodyType.BinaryMime ? MessageTraits.Binary : 0),
            SmtpUtf8 = session.SmtpUtf8,
            Requests = session.Requests,
            Destination = captured ? Destination.Captured : Destination.Routed,
            Account = session.Account,
            Client = session.ClientText,
            Session = sessionId,
        };
    }

    // ENOSPC and EDQUOT, as they come through on Unix; ERROR_DISK_FULL as the runtime translates it.
    private static bool IsFull(IOException exception) => (exception.HResult & 0xffff) is 28 or 122 or 112;
}
