using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue;

namespace Pillarbox.Server.Handlers;

/// <summary>ETRN (RFC 1985): a host that was away asks for what waits for it.</summary>
internal sealed class EtrnHandler(ServerContext server)
{
    // A queue of millions takes long to search; the client is told that it has begun, and it goes on.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private int _searching;

    /// <summary>Answers ETRN.</summary>
    public ValueTask<Step> HandleAsync(SessionState session, ReadOnlySpan<byte> argument)
    {
        if (session.Listener.EtrnFrom.IsEmpty)
            return new(ReplyCatalogue.CommandNotImplemented);
        if (EtrnCommand.Read(argument, out var command) is { } fault)
            return new(fault);

        // Queues have no names here.
        if (command.Kind == EtrnKind.Queue || !session.IsClientIn(session.Listener.EtrnFrom))
            return new(ReplyCatalogue.NoTurn(command.Node));
        return server.Retry is { } retry ? TurnAsync(retry, command) : new(ReplyCatalogue.CannotTurn(command.Node));
    }

    private async ValueTask<Step> TurnAsync(IDomainRetry retry, EtrnCommand command)
    {
        // One search at a time, whoever asks: it reads the whole queue.
        if (Interlocked.Exchange(ref _searching, 1) != 0)
            return ReplyCatalogue.CannotTurn(command.Node);

        var search = Task.Run(() => SearchAsync(retry, command));
        try
        {
            return await search.WaitAsync(Patience, server.Time) switch
            {
                null => ReplyCatalogue.CannotTurn(command.Node),
                0 => ReplyCatalogue.NothingToTurn(command.Node),
                { } messages => ReplyCatalogue.Turned(command.Node, messages),
            };
        }
        catch (TimeoutException)
        {
            return ReplyCatalogue.TurnStarted(command.Node);
        }
    }

    private async Task<int?> SearchAsync(IDomainRetry retry, EtrnCommand command)
    {
        try
        {
            return await retry.RetryAsync(command.Name, command.Kind == EtrnKind.WithSubdomains);
        }
        catch (Exception exception)
        {
            server.Log.TurnFault(exception, command.Node);
            return null;
        }
        finally
        {
            Volatile.Write(ref _searching, 0);
        }
    }
}
