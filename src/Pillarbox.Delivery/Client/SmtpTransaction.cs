using System.Globalization;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Client;

/// <summary>
/// MAIL, RCPT, DATA and the message, again and again over one connection. With PIPELINING all commands of a transaction go in
/// one write (RFC 2920 §3.1); without it one at a time, never more. Binary content goes by BDAT, all other by DATA, which every server
/// has and which sends nothing ahead of the recipients' replies (decision 0100).
/// </summary>
internal sealed class SmtpTransaction(SmtpConnection connection, SmtpClientOptions options, SmtpCapabilities capabilities, HopLimits limits)
{
    private readonly ContentWriter _content = new(connection, options);
    private readonly Hop _hop = Hop.Of(connection, options, capabilities);
    private readonly bool _pipelining = capabilities.Pipelining;
    private bool _needsReset;
    private bool _awaitsEnd;
    private Verdict?[] _verdicts = [];
    private Verdict? _own;
    private bool _refusedSome;
    private bool _utf8;

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
        _own = null;
        _refusedSome = false;
        _awaitsEnd = false;
        if (!Suitability.Check(message, _hop, _verdicts))
            return Settled(message);
        limits.KeepBack(message, _verdicts);

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
        _utf8 = capabilities.SmtpUtf8 && Suitability.NeedsSmtpUtf8(message);
        var chunked = message.Traits.HasFlag(MessageTraits.Binary);
        if (_pipelining)
        {
            connection.Allow(options.Timeouts.Command);
            if (_needsReset)
                await connection.WriteCommandAsync("RSET");
            await connection.WriteCommandAsync(EnvelopeCommands.Mail(message, capabilities, _utf8));
            foreach (var index in rcpts)
                await connection.WriteCommandAsync(EnvelopeCommands.Rcpt(message, index, capabilities, _utf8));
            if (!chunked)
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

        var mail = await AskAsync(_pipelining ? "" : EnvelopeCommands.Mail(message, capabilities, _utf8), options.Timeouts.Command, heard);
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
        if (accepted == 0 && (chunked || !_pipelining))
            return;
        if (chunked)
        {
            await ChunkAsync(message, heard);
            return;
        }

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
            var reply = await AskAsync(_pipelining ? "" : EnvelopeCommands.Rcpt(message, index, capabilities, _utf8), options.Timeouts.Command, heard);
            if (reply.IsIntermediate)
                throw new FormatException($"{reply} in answer to RCPT");
            if (reply.IsPositive && _needsReset)
                accepted++;
            else if (!reply.IsPositive && _verdicts[index] is null)
                (_verdicts[index], _refusedSome) = (Verdict.Of(reply, connection.Host), true);
        }

        return accepted;
    }

    private async ValueTask MessageAsync(OutgoingMessage message, int accepted, Progress heard)
    {
        // RFC 2920 §3.1: a server may say 354 though no recipient was taken; a lone dot ends what must not be sent.
        if (accepted > 0)
            await _content.StuffedAsync(message);
        await _content.EndAsync();
        await EndAsync(accepted > 0, heard);
        _needsReset = false;
    }

    // RFC 3030 §2: one chunk, the last, which has the length that it says.
    private async ValueTask ChunkAsync(OutgoingMessage message, Progress heard)
    {
        await connection.WriteCommandAsync(string.Create(CultureInfo.InvariantCulture, $"BDAT {message.Size} LAST"));
        await _content.RawAsync(message);

        // A transaction whose BDAT was refused is open still, and good for nothing but its end.
        _needsReset = !(await EndAsync(mayBeDelivered: true, heard)).IsPositive;
    }

    private async ValueTask<RemoteReply> EndAsync(bool mayBeDelivered, Progress heard)
    {
        // RFC 2033 §4.2: as many replies as recipients were taken, which were none, so that 354 was none to be had.
        if (options.Lmtp && !mayBeDelivered)
            throw new FormatException("354 in answer to DATA, though no recipient was taken");

        _awaitsEnd = mayBeDelivered;
        RemoteReply end;
        do
        {
            end = await AskAsync("", options.Timeouts.DataTermination, heard);
            if (end.IsIntermediate)
                throw new FormatException($"{end} in answer to the end of the message");
            if (options.Lmtp)
                _own = _verdicts[Array.IndexOf(_verdicts, null)] = Verdict.Of(end, connection.Host);
            else
                Decide(Verdict.Of(end, connection.Host));
        }
        while (Array.IndexOf(_verdicts, null) >= 0);
        _awaitsEnd = false;
        return end;
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

    private Verdict Unknown(short subject, short detail, string what)
    {
        var text = $"{connection.Host} ({connection.Remote}): {what} after the message was sent; it may have been delivered";
        return Verdict.Defer(subject, detail, text, connection.Host);
    }

    private void Decide(Verdict verdict)
    {
        _own ??= verdict;
        foreach (ref var each in _verdicts.AsSpan())
            each ??= verdict;
    }

    // Those kept back go at once where a recipient had a reply of its own. A transaction that failed as a whole would fail for them as it did for
    // those that were named, one turn after the other.
    private void ShareOwn()
    {
        if (_own is not { } own || _refusedSome || Array.Exists(_verdicts, each => each is { Disposition: Disposition.Delivered }))
            return;
        foreach (ref var each in _verdicts.AsSpan())
        {
            if (each is { Untried: true })
                each = own;
        }
    }

    // A server without DSN reports no success: that the message was handed over is the last that can be said of it (RFC 3461 §5.2.2). And whoever
    // wants to hear of a delay hears when the message has gone to where nobody will tell (RFC 2852 §4.1.4), as of each relay who asked for that.
    // By LMTP it is no relay: the message is in the mailbox (RFC 2033 §2).
    private Verdict[] Settled(OutgoingMessage message)
    {
        var traced = !options.Lmtp && message.DeliverBy is { } by && (by.Trace || (by.Mode == DeliverByMode.Notify && !capabilities.DeliverBy));
        var settled = new Verdict[_verdicts.Length];
        ShareOwn();
        for (var i = 0; i < settled.Length; i++)
        {
            var verdict = _verdicts[i] ?? throw new InvalidOperationException("a recipient without a verdict");
            if (verdict.Disposition == Disposition.Delivered && traced)
                verdict = verdict with { Success = Success.Traced };
            else if (verdict.Disposition == Disposition.Delivered && !capabilities.Dsn && message.Recipients[i].Notify.HasFlag(NotifyOn.Success))
                verdict = verdict with { Success = options.Lmtp ? Success.Delivered : Success.Relayed };
            settled[i] = verdict;
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
