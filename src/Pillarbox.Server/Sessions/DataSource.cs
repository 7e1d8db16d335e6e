using System.Buffers;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Server.Sessions;

/// <summary>A message as it comes after 354: whole, up to its dot.</summary>
internal sealed class DataSource(Wire wire) : MessageSource(wire)
{
    private readonly DataDecoder _decoder = new();

    /// <inheritdoc/>
    public override bool IsLast => true;

    /// <inheritdoc/>
    public override long PieceSize => 0;

    /// <inheritdoc/>
    public override MessageDecoder Decoder => _decoder;

    /// <summary>Gets ready for a message.</summary>
    public void Announce(ListenerOptions listener, LimitOptions limits)
    {
        _decoder.Reset(listener.BareNewlines == BareNewlines.Normalize, limits.MessageSize, limits.TextLine);
        AllowInVain(limits, afresh: true);
    }

    /// <inheritdoc/>
    protected override bool Take(IBufferWriter<byte> sink, out long taken)
    {
        taken = 0;
        var ended = false;
        foreach (var segment in Wire.Buffer)
        {
            ended = _decoder.Decode(segment.Span, sink, out var consumed);
            taken += consumed;
            if (ended)
                break;
        }

        Wire.Take(taken);
        return ended;
    }
}
