using System.Buffers;
using System.Runtime.CompilerServices;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Server.Sessions;

/// <summary>A message on its way from the wire into the store; one at a time. How it is cut, DATA and BDAT see differently.</summary>
internal abstract class MessageSource(Wire wire)
{
    /// <summary>Octets that are read only to be thrown away, where messages are kept small.</summary>
    private const long LeastInVain = 16 << 20;

    private BodyWriter? _body;
    private long _inVain;
    private long _mostInVain;

    /// <summary>The message's name, while it is open.</summary>
    public QueueId Id { get; private set; }

    /// <summary>Its body so far, while it is open.</summary>
    public BodyWriter Body => _body ?? throw new InvalidOperationException("no message is open");

    /// <summary>Whether a message has begun and is neither accepted nor dropped.</summary>
    public bool IsOpen => _body is not null;

    /// <summary>What the store failed with, if it did; the message is read to its end all the same.</summary>
    public IOException? Failure { get; private set; }

    /// <summary>Whether what is read next ends the message.</summary>
    public abstract bool IsLast { get; }

    /// <summary>Octets of what is read next, or was read last, where that is known beforehand.</summary>
    public abstract long PieceSize { get; }

    /// <summary>What was seen of the message, and what is wrong with it.</summary>
    public abstract MessageDecoder Decoder { get; }

    protected Wire Wire => wire;

    /// <summary>Opens a message.</summary>
    public void Open(QueueId id, BodyWriter body)
    {
        Id = id;
        _body = body;
        Failure = null;
    }

    /// <summary>
    /// Reads the message, or the piece that was announced, to its end. One that cannot be kept must not leave its rest to be read as
    /// commands: it is read to its end first. That has an end, too: after as many octets again as a message may have, or when the sweep
    /// finds that it has gone on for too long, the reply is given where the message is, and the session closed.
    /// </summary>
    /// <returns>False when the conversation is over.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync()
    {
        var body = Body;
        IBufferWriter<byte> sink = Failure is null ? body : NowhereWriter.Instance;
        while (true)
        {
            var over = Take(sink, out var taken);
            if (over && IsLast)
                return true;
            if (!over && (Failure is not null || Decoder.Fault != DataFault.None) && IsTooMuchInVain(taken))
                return false;

            try
            {
                if (Failure is null)
                    await body.FlushAsync();
            }
            catch (IOException exception)
            {
                Failure = exception;
                sink = NowhereWriter.Instance;
            }

            if (over)
                return true;
            if (!await wire.MoreAsync())
                return false;
        }
    }

    /// <summary>Lets go of the message. What was not accepted leaves nothing behind.</summary>
    public ValueTask CloseAsync()
    {
        var body = _body;
        _body = null;
        return body?.DisposeAsync() ?? default;
    }

    /// <summary>Takes what is there off the wire, up to the end.</summary>
    /// <returns>Whether the end is reached.</returns>
    protected abstract bool Take(IBufferWriter<byte> sink, out long taken);

    /// <summary>Sets how much may be read in vain.</summary>
    /// <param name="limits">The limits in force.</param>
    /// <param name="afresh">Whether what was read in vain before is forgiven.</param>
    protected void AllowInVain(LimitOptions limits, bool afresh)
    {
        _mostInVain = Math.Max(limits.MessageSize, LeastInVain);
        if (afresh)
            _inVain = 0;
    }

    /// <summary>Counts what was read in vain, and gives up where it is too much.</summary>
    protected bool IsTooMuchInVain(long octets)
    {
        wire.Patience.DataIsInVain();
        _inVain += octets;
        if (_inVain <= _mostInVain)
            return false;
        wire.GiveUp();
        return true;
    }

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
