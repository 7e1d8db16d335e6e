using System.Buffers;

namespace Pillarbox.Delivery.Client;

/// <summary>Writes a message's octets to a server: dot-stuffed for DATA, or as they are for BDAT.</summary>
internal sealed class ContentWriter(SmtpConnection connection, SmtpClientOptions options)
{
    private const int BlockSize = 64 << 10;

    private static readonly byte[] Dot = "."u8.ToArray();
    private static readonly byte[] End = ".\r\n"u8.ToArray();
    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    /// <summary>Writes the content with its dots stuffed (RFC 5321 §4.5.2), without the dot that ends it.</summary>
    public async ValueTask StuffedAsync(OutgoingMessage message)
    {
        var stuffer = new DotStuffer();
        stuffer = await PieceAsync(message.Prologue, stuffer);
        long sent;
        if (message.Body.InMemory is { } whole)
            (stuffer, sent) = (await PieceAsync(whole, stuffer), whole.Length);
        else
            (stuffer, sent) = await BlocksAsync(message, stuffer);

        // With the dot, what has come so far would be the message, and the rest of it lost.
        Verify(message, sent);

        // The dot that ends the message stands on a line of its own, so the last line gets its end (RFC 5321 §4.1.1.4).
        if (!stuffer.AtLineStart)
            await connection.WriteAsync(LineEnd);
        options.Observer?.Note($"{message.Size} octets sent");
    }

    /// <summary>Ends DATA.</summary>
    public async ValueTask EndAsync()
    {
        connection.Allow(options.Timeouts.DataBlock);
        await connection.WriteAsync(End);
        await FlushAsync();
    }

    /// <summary>Writes the content as it is, for a chunk of its size.</summary>
    public async ValueTask RawAsync(OutgoingMessage message)
    {
        connection.Allow(options.Timeouts.DataBlock);
        await connection.WriteAsync(message.Prologue);
        var sent = message.Body.InMemory is { } whole ? await PieceAsync(whole) : await BlocksAsync(message);

        // The chunk has the length that BDAT said: with any other, what follows would be taken for content, or content for commands.
        Verify(message, sent);
        await FlushAsync();
        options.Observer?.Note($"{message.Size} octets sent");
    }

    private static void Verify(OutgoingMessage message, long sent)
    {
        if (sent != message.Body.Length)
            throw new InvalidOperationException($"a body of {message.Body.Length} octets gave {sent}");
    }

    private async ValueTask<(DotStuffer Stuffer, long Sent)> BlocksAsync(OutgoingMessage message, DotStuffer stuffer)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            long offset = 0;
            while (await message.Body.ReadAsync(offset, block) is > 0 and var count)
            {
                stuffer = await PieceAsync(block.AsMemory(0, count), stuffer);
                await FlushAsync();
                offset += count;
            }

            return (stuffer, offset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private async ValueTask<DotStuffer> PieceAsync(ReadOnlyMemory<byte> piece, DotStuffer stuffer)
    {
        while (!piece.IsEmpty)
        {
            var run = stuffer.Next(ref piece, out var dotFirst);
            connection.Allow(options.Timeouts.DataBlock);
            if (dotFirst)
                await connection.WriteAsync(Dot);
            await connection.WriteAsync(run);
        }

        return stuffer;
    }

    private async ValueTask<long> BlocksAsync(OutgoingMessage message)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            long offset = 0;
            while (offset < message.Body.Length && await message.Body.ReadAsync(offset, block) is > 0 and var count)
            {
                await PieceAsync(block.AsMemory(0, (int)Math.Min(count, message.Body.Length - offset)));
                await FlushAsync();
                offset += count;
            }

            return offset;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private async ValueTask<long> PieceAsync(ReadOnlyMemory<byte> piece)
    {
        connection.Allow(options.Timeouts.DataBlock);
        await connection.WriteAsync(piece);
        return piece.Length;
    }

    private async ValueTask FlushAsync()
    {
        connection.Allow(options.Timeouts.DataBlock);
        await connection.FlushAsync();
    }
}
