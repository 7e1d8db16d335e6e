using System.Buffers;
using System.Globalization;
using System.Text;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Delivery.Client;

/// <summary>
/// MAIL, RCPT, DATA and the message, again and again over one connection. With PIPELINING all commands of a transaction go in
/// one write (RFC 2920 §3.1); without it one at a time, never more.
/// </summary>
internal sealed class SmtpTransaction(SmtpConnection connection, SmtpClientOptions options, SmtpCapabilities capabilities)
{
    private const int BlockSize = 64 << 10;

    private readonly bool _pipelining = capabilities.Pipelining;
    private bool _needsReset;
    private bool _awaitsEnd;
    private Verdict?[] _verdicts = [];

    /// <summary>The server ended the session, or what it says makes no sense: nothing more may be sent.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The session had ended before the last message began.</summary>
    public bool WasStale { get; private set; }

    /// <summary>Runs a transaction to its end.</summary>
    /// <param name="message">The message.</param>
    /// <param name="mayBeStale">Whether the session has rested, so that its end is no news about this message.</param>
    public async ValueTask<Verdict[]> RunAsync(OutgoingMessage message, bool mayBeStale)
    {
        _verdicts = new Verdict?[message.Recipients.Length];
        _awaitsEnd = false;
        if (!Suitability.Check(message, capabilities, connection.Host, _verdicts))
            return Settled(message);

        var heard = new Progress();
        try
        {
            await TransactAsync(message, heard);
        }
        catch (ConnectionLostException lost)
        {
            IsOver = true;
            WasStale = mayBeStale && !heard.Anything && !lost.TimedOut;
            Decide(_awaitsEnd ? Unknown(4, 2, lost.Message) : Verdict.Defer(4, 2, $"{connection.Host} ({connection.Remote}): {lost.Message}", connection.Host));
        }
        catch (FormatException malformed)
        {
            IsOver = true;
            Decide(_awaitsEnd
                ? Unknown(5, 0, malformed.Message)
                : Verdict.Defer(5, 0, $"{connection.Host} ({connection.Remote}) does not speak SMTP: {malformed.Message}", connection.Host));
        }
        catch (SessionEndedException ended)
        {
            // RFC 5321 §3.8: 421 may answer anything, and says that the server is about to go.
            IsOver = true;
            WasStale = mayBeStale && heard.Replies == 1;
            Decide(Verdict.Of(ended.Reply, connection.Host));
        }
        catch
        {
            // A fault of our own, maybe in the middle of the message: a command sent now would become part of it.
            IsOver = true;
            throw;
        }

        return Settled(message);
    }

    private async ValueTask TransactAsync(OutgoingMessage message, Progress heard)
    {
        var rcpts = Addressed(message);
        if (_pipelining)
        {
            connection.Allow(options.Timeouts.Command);
            if (_needsReset)
                await connection.WriteCommandAsync("RSET");
            await connection.WriteCommandAsync(MailCommand(message));
            foreach (var index in rcpts)
                await connection.WriteCommandAsync(RcptCommand(message, index));
            await connection.WriteCommandAsync("DATA");
            connection.Allow(options.Timeouts.Command);
            await connection.FlushAsync();
        }

        if (_needsReset)
        {
            var reset = await AskAsync("RSET", options.Timeouts.Command, heard);
            if (!reset.IsPositive)
                throw new FormatException($"{reset} in answer to RSET");
            _needsReset = false;
        }

        var mail = await AskAsync(_pipelining ? "" : MailCommand(message), options.Timeouts.Command, heard);
        if (mail.IsIntermediate)
            throw new FormatException($"{mail} in answer to MAIL");
        if (!mail.IsPositive)
        {
            Decide(Verdict.Of(mail, connection.Host));
            if (!_pipelining)
                return;
        }

        _needsReset = mail.IsPositive;
        var accepted = await RecipientsAsync(message, rcpts, heard);
        if (!_pipelining && accepted == 0)
            return;

        var data = await AskAsync("DATA", options.Timeouts.DataInitiation, heard);
        if (data.Code == 354)
            await MessageAsync(message, accepted, heard);
        else if (data.IsPositive || data.IsIntermediate)
            throw new FormatException($"{data} in answer to DATA");
        else
            Decide(Verdict.Of(data, connection.Host));
    }

    private async ValueTask<int> RecipientsAsync(OutgoingMessage message, List<int> rcpts, Progress heard)
    {
        var accepted = 0;
        foreach (var index in rcpts)
        {
            var reply = await AskAsync(_pipelining ? "" : RcptCommand(message, index), options.Timeouts.Command, heard);
            if (reply.IsIntermediate)
                throw new FormatException($"{reply} in answer to RCPT");
            if (reply.IsPositive && _needsReset)
                accepted++;
            else if (!reply.IsPositive)
                _verdicts[index] ??= Verdict.Of(reply, connection.Host);
        }

        return accepted;
    }

    private async ValueTask MessageAsync(OutgoingMessage message, int accepted, Progress heard)
    {
        // RFC 2920 §3.1: a server may say 354 though no recipient was taken; a lone dot ends what must not be sent.
        if (accepted > 0)
            await ContentAsync(message);
        connection.Allow(options.Timeouts.DataBlock);
        await connection.WriteAsync(End);
        await FlushContentAsync();
        _awaitsEnd = accepted > 0;
        var end = await AskAsync("", options.Timeouts.DataTermination, heard);
        if (end.IsIntermediate)
            throw new FormatException($"{end} in answer to the end of the message");
        _awaitsEnd = false;
        _needsReset = false;
        Decide(Verdict.Of(end, connection.Host));
    }

    private async ValueTask ContentAsync(OutgoingMessage message)
    {
        var stuffer = new DotStuffer();
        stuffer = await PieceAsync(message.Prologue, stuffer);
        if (message.Body.InMemory is { } whole)
            stuffer = await PieceAsync(whole, stuffer);
        else
            stuffer = await BlocksAsync(message, stuffer);

        // The dot that ends the message stands on a line of its own, so the last line gets its end (RFC 5321 §4.1.1.4).
        if (!stuffer.AtLineStart)
            await connection.WriteAsync(LineEnd);
        options.Observer?.Note($"{message.Size} octets sent");
    }

    private async ValueTask<DotStuffer> BlocksAsync(OutgoingMessage message, DotStuffer stuffer)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            long offset = 0;
            while (await message.Body.ReadAsync(offset, block) is > 0 and var count)
            {
                stuffer = await PieceAsync(block.AsMemory(0, count), stuffer);
                await FlushContentAsync();
                offset += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        return stuffer;
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

    private static readonly byte[] Dot = "."u8.ToArray();
    private static readonly byte[] End = ".\r\n"u8.ToArray();
    private static readonly byte[] LineEnd = "\r\n"u8.ToArray();

    private async ValueTask FlushContentAsync()
    {
        connection.Allow(options.Timeouts.DataBlock);
        await connection.FlushAsync();
    }

    // Reads the reply to a command that was sent ahead, or sends it first where the server takes one at a time.
    private async ValueTask<RemoteReply> AskAsync(string command, TimeSpan timeout, Progress heard)
    {
        if (!_pipelining && command.Length > 0)
        {
            connection.Allow(timeout);
            await connection.WriteCommandAsync(command);
            await connection.FlushAsync();
        }

        var reply = await connection.ReadReplyAsync(timeout);
        heard.Replies++;
        return reply.Code == 421 ? throw new SessionEndedException(reply) : reply;
    }

    private List<int> Addressed(OutgoingMessage message)
    {
        var indices = new List<int>(message.Recipients.Length);
        for (var i = 0; i < _verdicts.Length; i++)
        {
            if (_verdicts[i] is null)
                indices.Add(i);
        }

        return indices;
    }

    private string MailCommand(OutgoingMessage message)
    {
        var command = new StringBuilder("MAIL FROM:<").Append(message.Sender?.Text).Append('>');
        if (capabilities.Size)
            command.Append(CultureInfo.InvariantCulture, $" SIZE={message.Size}");
        if (capabilities.EightBitMime && message.Traits != Queue.MessageTraits.None)
            command.Append(" BODY=8BITMIME");
        if (capabilities.SmtpUtf8 && Suitability.NeedsSmtpUtf8(message))
            command.Append(" SMTPUTF8");
        if (capabilities.Dsn)
            DsnParameters.Append(command, message.Requests);
        return command.ToString();
    }

    private string RcptCommand(OutgoingMessage message, int index)
    {
        var recipient = message.Recipients[index];
        var command = $"RCPT TO:<{recipient.Text}>";
        return capabilities.Dsn ? command + DsnParameters.Of(recipient, capabilities.SmtpUtf8 && Suitability.NeedsSmtpUtf8(message)) : command;
    }

    private Verdict Unknown(short subject, short detail, string what)
    {
        var text = $"{connection.Host} ({connection.Remote}): {what} after the message was sent; it may have been delivered";
        return Verdict.Defer(subject, detail, text, connection.Host) with { MaybeDelivered = true };
    }

    private void Decide(Verdict verdict)
    {
        foreach (ref var each in _verdicts.AsSpan())
            each ??= verdict;
    }

    // A server without DSN reports no success: that the message was handed over is the last that can be said of it (RFC 3461 §5.2.2).
    private Verdict[] Settled(OutgoingMessage message)
    {
        var settled = new Verdict[_verdicts.Length];
        for (var i = 0; i < settled.Length; i++)
        {
            var verdict = _verdicts[i] ?? throw new InvalidOperationException("a recipient without a verdict");
            settled[i] = !capabilities.Dsn && verdict.Disposition == Disposition.Delivered && message.Recipients[i].Notify.HasFlag(NotifyOn.Success)
                ? verdict with { Success = Success.Relayed }
                : verdict;
        }

        return settled;
    }

    private sealed class Progress
    {
        public int Replies { get; set; }

        public bool Anything => Replies > 0;
    }

    private sealed class SessionEndedException(RemoteReply reply) : Exception
    {
        public RemoteReply Reply { get; } = reply;
    }
}
