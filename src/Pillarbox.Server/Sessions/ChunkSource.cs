using System.Buffers;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Server.Handlers;

namespace Pillarbox.Server.Sessions;

/// <summary>A message as BDAT brings it: chunk by chunk, each as long as was announced. Stays open from one command to the next.</summary>
internal sealed class ChunkSource(Wire wire) : MessageSource(wire)
{
    private readonly ChunkDecoder _decoder = new();
    private BdatCommand _chunk;
    private long _left;

    /// <inheritdoc/>
    public override bool IsLast => _chunk.Last;

    /// <inheritdoc/>
    public override long PieceSize => _chunk.Size;

    /// <inheritdoc/>
    public override MessageDecoder Decoder => _decoder;

    /// <summary>Gets ready for a chunk, and where it is the first, for its message.</summary>
    public void Announce(BdatCommand chunk, SessionState session, LimitOptions limits)
    {
        if (!IsOpen)
        {
            _decoder.Reset(
                session.Body == BodyType.BinaryMime, session.Listener.BareNewlines == BareNewlines.Normalize, limits.MessageSize, limits.TextLine);
            AllowInVain(limits, afresh: true);
        }

        _chunk = chunk;
        _left = chunk.Size;
    }

    /// <summary>
    /// Reads a refused chunk off the wire: what is in it must not be taken for commands. What is read so counts until a message is begun,
    /// however many chunks it comes in.
    /// </summary>
    /// <returns>False when the conversation is over.</returns>
    public async ValueTask<bool> SkipAsync(long octets, LimitOptions limits)
    {
        AllowInVain(limits, afresh: false);
        while (true)
        {
            var taken = Math.Min(octets, Wire.Buffer.Length);
            Wire.Take(taken);
            octets -= taken;
            var tooMuch = IsTooMuchInVain(taken);
            if (octets == 0)
                return true;
            if (tooMuch || !await Wire.MoreAsync())
                return false;
        }
    }

    /// <inheritdoc/>
    protected override bool Take(IBufferWriter<byte> sink, out long taken)
    {
        var piece = Wire.Buffer.Slice(0, Math.Min(_left, Wire.Buffer.Length));
        foreach (var segment in piece)
            _decoder.Decode(segment.Span, sink);

        taken = piece.Length;
        _left -= taken;
        Wire.Take(taken);
        if (_left == 0 && _chunk.Last)
            _decoder.End();
        return _left == 0;
    }
}
