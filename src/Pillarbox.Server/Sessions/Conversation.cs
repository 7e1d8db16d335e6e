using System.Buffers;
using System.Runtime.CompilerServices;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Replies;
using Pillarbox.Protocol.Sasl;
using Pillarbox.Server.Handlers;

namespace Pillarbox.Server.Sessions;

/// <summary>What is said in a session, command by command. It alone writes.</summary>
internal sealed class Conversation(ServerContext server, CommandHandler commands, SessionState state, Wire wire, Admission admission, string sessionId)
{
    /// <summary>
    /// Octets of a command line without its CRLF. RFC 5321 §4.5.3.1.4 asks for 510, and the extensions add to it
    /// (AUTH= of MAIL alone 500); a response in an AUTH exchange has a limit of its own.
    /// </summary>
    private const int MaxCommandLine = 2046;

    private readonly MessageReceiver _receiver = new(server, wire, sessionId);
    private readonly Authentication _authentication = new(server, wire, sessionId);
    private readonly SecretMask _secrets = new();
    private ChunkReceiver? _chunkReceiver;
    private volatile bool _stopping;

    /// <summary>Whether it is to end as soon as no transaction is open.</summary>
    public bool IsStopping => _stopping;

    private ChunkReceiver Chunks => _chunkReceiver ??= new(server, wire, _receiver);

    /// <summary>Has it end as soon as no transaction is open. From any thread.</summary>
    public void Stop() => _stopping = true;

    /// <summary>Drops the message whose chunks are here, if there is one.</summary>
    public ValueTask DropAsync() => _chunkReceiver?.DropAsync() ?? default;

    /// <summary>Takes commands until the session closes or TLS is to begin.</summary>
    public async ValueTask<After> RunAsync()
    {
        while (true)
        {
            if (_stopping && !state.InTransaction)
            {
                Say(ReplyCatalogue.ShuttingDown);
                return After.Close;
            }

            if (wire.HasMuchToSend && !await wire.FlushAsync())
                return After.Close;

            var limit = LineLimit();
            if (!wire.TryTakeLine(limit, out var line, out var fault))
            {
                if (await wire.MoreAsync())
                    continue;
                SayWhyEnding();
                return After.Close;
            }

            var step = fault == LineFault.None ? await HandleAsync(line) : Refuse(fault, limit);
            if (step is { After: After.ReceiveMessage } begin)
                step = await ReceiveAsync(begin);
            if (_chunkReceiver is { } chunks)
                await chunks.SettleAsync(state);
            if (step is not { } answer)
            {
                SayWhyEnding();
                return After.Close;
            }

            if (answer.After == After.Greet && admission.Admit() is { } refusal)
                answer = new Step(refusal, After.Close);
            if (answer.After == After.MessageOver)
                await EndMessageAsync(answer.Reply);
            else
                Say(answer.Reply);
            if (wire.Ending != Ending.None)
            {
                SayWhyEnding();
                return After.Close;
            }

            if (answer.After is not (After.GoOn or After.MessageOver or After.Greet))
                return answer.After;

            if (Counts(answer.Reply))
                state.Errors++;
            if (state.Errors >= server.Policy.Current.Limits.Errors)
            {
                Say(ReplyCatalogue.TooManyErrors);
                return After.Close;
            }
        }
    }

    private ValueTask<Step?> HandleAsync(ReadOnlySequence<byte> line)
    {
        var bytes = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        var command = CommandLine.Read(bytes);
        if (command.Verb == Verb.Auth)
            return AuthenticateAsync(command.Argument);

        wire.Note(_secrets.Mask(command.Verb, bytes));
        if (command.Verb == Verb.Bdat)
            return Chunks.HandleAsync(state, command.Argument);
        if (command.Verb == Verb.Unknown && BdatLine.IsMeant(line))
            return new(new Step(ReplyCatalogue.BadBdat, After.Close));
        var step = commands.HandleAsync(state, command);
        return step.IsCompletedSuccessfully ? new(step.Result) : AwaitAsync(step);
    }

    // Accounts and domains that are looked up elsewhere may take seconds: what was answered already does not wait with them.
    private async ValueTask<Step?> AwaitAsync(ValueTask<Step> step)
    {
        await wire.FlushAsync();
        return await step;
    }

    private ValueTask<Step?> AuthenticateAsync(ReadOnlySpan<byte> argument)
    {
        wire.Note(_secrets.MaskAuth(argument));
        if ((CommandTable.Refusal(Verb.Auth, state.Phase) ?? Authentication.Refusal(state)) is { } refusal)
            return new(new Step(refusal));
        return _authentication.Begin(state, argument, out var exchange, out var step) is { } fault
            ? new(new Step(fault))
            : RunExchangeAsync(exchange!, step);
    }

    private async ValueTask<Step?> RunExchangeAsync(SaslExchange exchange, SaslStep step)
    {
        if (await _authentication.RunAsync(state, exchange, step) is not { } verdict)
            return null;
        return new Step(verdict, verdict == ReplyCatalogue.BareNewlineInCommand || verdict == ReplyCatalogue.AuthBanned ? After.Close : After.GoOn);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Step?> ReceiveAsync(Step begin)
    {
        Say(begin.Reply);
        return await _receiver.ReceiveAsync(state) is { } verdict ? new Step(verdict, After.MessageOver) : default(Step?);
    }

    // Ends the transaction with its verdict: in LMTP once for each recipient (RFC 2033 §4.2), since each has a fate of its own there.
    private async ValueTask EndMessageAsync(Reply verdict)
    {
        if (state.Answers.Count == 0)
            Say(verdict);
        foreach (var recipient in state.Answers)
        {
            if (wire.HasMuchToSend && !await wire.FlushAsync())
                break;
            Say(ReplyCatalogue.For(recipient.Text, verdict));
        }

        state.EndTransaction();
    }

    /// <summary>Answers. Nobody else does.</summary>
    public void Say(Reply reply)
    {
        wire.Write(reply);
        if (reply.IsNegative)
            server.Metrics.Refused(reply.Code);
    }

    private static Step Refuse(LineFault fault, int limit) => fault switch
    {
        LineFault.BareNewline => new Step(ReplyCatalogue.BareNewlineInCommand, After.Close),
        LineFault.BdatTooLong => new Step(ReplyCatalogue.BadBdat, After.Close),
        LineFault.Endless => new Step(ReplyCatalogue.TooMuchInVain, After.Close),
        _ => limit == MaxCommandLine ? ReplyCatalogue.LineTooLong : ReplyCatalogue.AuthLineTooLong,
    };

    // An initial response may be as long as any in the exchange (RFC 4954 §4).
    private int LineLimit() => wire.BeginsWith("AUTH "u8) ? Authentication.MaxLine - 2 : MaxCommandLine;

    // RFC 5321 has no word for it, peers do: what makes no sense counts, what was merely refused does not; but logins that are tried all the same do.
    private static bool Counts(Reply reply) =>
        (reply.Code is >= 500 and <= 504 or 525 or 535 or 538 or 555 && reply != ReplyCatalogue.ChunkWithoutMessage)
        || reply == ReplyCatalogue.AuthHeldOff || reply == ReplyCatalogue.AuthCrowded;

    private void SayWhyEnding()
    {
        if (Farewell.For(wire.Ending) is { } reply)
            Say(reply);
    }
}
