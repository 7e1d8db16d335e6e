using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Replies;
using Pillarbox.Server.Handlers;

namespace Pillarbox.Server.Sessions;

/// <summary>
/// BDAT (RFC 3030 §2): decides whether a chunk is taken, and reads it off the wire in either case. A chunk that is refused ends the
/// transaction, for a message that lacks one must never be taken for whole.
/// </summary>
internal sealed class ChunkReceiver(ServerContext server, Wire wire, MessageReceiver messages)
{
    private ChunkSource? _source;

    /// <summary>Answers BDAT.</summary>
    /// <returns>The reply and what follows; <see langword="null"/> when the client went away in the middle.</returns>
    public ValueTask<Step?> HandleAsync(SessionState session, ReadOnlySpan<byte> argument) =>
        BdatCommand.Read(argument, out var chunk) is { } fault
            // Nobody knows how much follows, and whatever it is would be read as commands.
            ? new(new Step(fault, After.Close))
            : HandleAsync(session, chunk);

    /// <summary>Drops the message whose chunks are here, unless the session is still among them. To be called after each command.</summary>
    public ValueTask SettleAsync(SessionState session) =>
        _source is { IsOpen: true } source && session.Phase != SessionPhase.Chunks ? source.CloseAsync() : default;

    /// <summary>Drops the message whose chunks are here, if there is one.</summary>
    public ValueTask DropAsync() => _source?.CloseAsync() ?? default;

    private async ValueTask<Step?> HandleAsync(SessionState session, BdatCommand chunk)
    {
        _source ??= new ChunkSource(wire);
        var limits = server.Policy.Current.Limits;
        Reply? reply;
        if (Refusal(session, chunk, limits) is { } refusal)
        {
            await _source.CloseAsync();
            wire.Patience.BeginData();
            var whole = await _source.SkipAsync(chunk.Size, limits);
            wire.Patience.EndData();
            reply = whole || wire.Ending != Ending.ClientGone ? refusal : null;
        }
        else
        {
            _source.Announce(chunk, session, limits);
            reply = await messages.ReceiveAsync(session, _source);
        }

        if (reply is null)
            return null;
        if (chunk.Last)
            return new Step(reply, After.MessageOver);
        if (reply.IsNegative)
            session.FailChunks();
        else
            session.AddChunk();
        return reply;
    }

    private Reply? Refusal(SessionState session, BdatCommand chunk, LimitOptions limits)
    {
        // Chunks that were on their way when an earlier one was refused (RFC 3030 §2).
        if (session.ChunksFailed)
        {
            // Not one error each, for they may be many; but they may not go on for ever.
            if (session.CountChatter() > limits.Chatter)
                session.Errors++;
            return ReplyCatalogue.ChunkWithoutMessage;
        }

        if (CommandTable.Refusal(Verb.Bdat, session.Phase) is { } refusal)
            return refusal;
        var before = _source is { IsOpen: true } open ? open.Body.Length : 0;
        return chunk.Size > limits.MessageSize - before ? ReplyCatalogue.MessageTooBig : null;
    }
}
