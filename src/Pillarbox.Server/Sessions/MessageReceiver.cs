using System.Buffers;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue;
using Pillarbox.Server.Handlers;

namespace Pillarbox.Server.Sessions;

/// <summary>Receives messages for one session: from 354 to the reply that promises, or does not.</summary>
internal sealed class MessageReceiver(ServerContext server, Wire wire, string sessionId)
{
    /// <summary>RFC 5321 §6.3 asks for a generous limit of at least 100.</summary>
    private const int MostReceivedLines = 100;

    /// <summary>Octets of a message that cannot be kept which are read all the same, where messages are kept small.</summary>
    private const long LeastInVain = 16 << 20;

    private readonly DataDecoder _decoder = new();

    /// <summary>Receives one message and makes it durable.</summary>
    /// <returns>The reply; <see langword="null"/> when the client went away in the middle, and nothing of the message is left.</returns>
    public async ValueTask<Reply?> ReceiveAsync(SessionState session)
    {
        var id = server.Queue.Store.NextId();
        await using var body = server.Queue.Store.BeginBody(id);
        var limits = server.Policy.Current.Limits;
        _decoder.Reset(session.Listener.BareNewlines == BareNewlines.Normalize, limits.MessageSize, limits.TextLine);

        // 1. The message, to its end; its body goes into the store as it comes.
        wire.Patience.BeginData();
        var (ended, failure) = await ReadToEndAsync(body, Math.Max(limits.MessageSize, LeastInVain));
        wire.Patience.EndData();
        if (!ended && (wire.Ending == Ending.ClientGone || (failure is null && _decoder.Fault == DataFault.None)))
            return null;
        if (Objection() is { } objection)
            return objection;
        if (failure is not null)
            return Failed(id, failure);

        // 2. The promise: body and envelope are on disk when AcceptAsync returns, and only then is there a 250.
        var began = server.Time.GetTimestamp();
        var envelope = Describe(id, session, body.Length);
        try
        {
            await server.Queue.AcceptAsync(envelope, body);
        }
        catch (IOException exception)
        {
            return Failed(id, exception);
        }

        server.Metrics.MessageAccepted(session.Listener.Name, envelope.BodySize, server.Time.GetElapsedTime(began));
        session.Messages++;
        return ReplyCatalogue.Queued(id.ToString());
    }

    private Reply Failed(QueueId id, IOException exception)
    {
        server.Log.StoreFault(exception, id.ToString());
        return exception is StorageFullException || IsFull(exception) ? ReplyCatalogue.StoreFull : ReplyCatalogue.StoreFailed;
    }

    // A message that cannot be kept must not leave its rest to be read as commands: it is read to its end first. That has an end, too:
    // after as many octets again as a message may have, or when the sweep finds that it has gone on for too long, the reply is given
    // where the message is, and the session closed.
    private async ValueTask<(bool Ended, IOException? Failure)> ReadToEndAsync(BodyWriter body, long mostInVain)
    {
        IOException? failure = null;
        IBufferWriter<byte> sink = body;
        long inVain = 0;
        while (!Decode(sink, out var taken))
        {
            if (failure is not null || _decoder.Fault != DataFault.None)
            {
                wire.Patience.DataIsInVain();
                if ((inVain += taken) > mostInVain)
                {
                    wire.GiveUp();
                    return (false, failure);
                }
            }

            try
            {
                if (failure is null)
                    await body.FlushAsync();
            }
            catch (IOException exception)
            {
                failure = exception;
                sink = NowhereWriter.Instance;
            }

            if (!await wire.MoreAsync())
                return (false, failure);
        }

        return (true, failure);
    }

    private bool Decode(IBufferWriter<byte> sink, out long taken)
    {
        taken = 0;
        var ended = false;
        foreach (var segment in wire.Buffer)
        {
            ended = _decoder.Decode(segment.Span, sink, out var consumed);
            taken += consumed;
            if (ended)
                break;
        }

        wire.Take(taken);
        return ended;
    }

    private Reply? Objection() => _decoder.Fault switch
    {
        DataFault.BareNewline => ReplyCatalogue.BareNewlineInMessage,
        DataFault.TooBig => ReplyCatalogue.MessageTooBig,
        DataFault.LineTooLong => ReplyCatalogue.TextLineTooLong,
        _ => _decoder.Scanner.ReceivedCount > MostReceivedLines ? ReplyCatalogue.LoopDetected : null,
    };

    private Envelope Describe(QueueId id, SessionState session, long bodySize)
    {
        var scanner = _decoder.Scanner;
        var now = server.Time.GetUtcNow();
        var captured = session.Listener.Role == ListenerRole.Capture;
        return new Envelope
        {
            Id = id,
            Sender = session.Sender,
            Recipients = [.. session.Recipients],
            Accepted = now,
            BodySize = bodySize,
            Prologue = captured ? default : Prologue.Write(server.Options.Hostname, session, id, now, scanner),
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

    private sealed class NowhereWriter : IBufferWriter<byte>
    {
        public static readonly NowhereWriter Instance = new();

        public void Advance(int count)
        {
        }

        // A buffer a call: sessions share this writer, and what one writes another must not see.
        public Memory<byte> GetMemory(int sizeHint = 0) => new byte[Math.Max(sizeHint, 4096)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
