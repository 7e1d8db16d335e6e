using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Server.Handlers;

/// <summary>XCLIENT: a peer that is trusted speaks for its client.</summary>
internal sealed class XclientHandler(ServerContext server)
{
    /// <summary>Answers XCLIENT: with a greeting, since the session begins anew.</summary>
    public Step Handle(SessionState session, ReadOnlySpan<byte> argument)
    {
        if (session.Listener.XclientFrom.IsEmpty)
            return ReplyCatalogue.CommandNotImplemented;
        if (!session.MaySpeakForOthers)
            return ReplyCatalogue.NotFromYourAddress;
        if (XclientCommand.Read(argument, out var client) is { } fault)
            return fault;

        session.SpeakFor(client);
        return new Step(server.Greeting(session.Listener), After.Greet);
    }
}
