using System.Net;
using Microsoft.AspNetCore.Connections;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Server.Sessions;

/// <summary>Where a connection becomes a session: counts it, and holds the conversation or says why not.</summary>
internal sealed class SmtpConnectionHandler(SessionRegistry sessions)
{
    /// <summary>Serves one connection to its end.</summary>
    public async Task HandleAsync(ConnectionContext connection, ListenerOptions listener)
    {
        var client = connection.RemoteEndPoint is IPEndPoint { Address: var address } ? AddressText.Plain(address) : IPAddress.None;
        var session = sessions.Begin(listener, client, connection.Abort, out var refusal);
        try
        {
            await (refusal is null ? session.RunAsync(connection.Transport) : session.RefuseAsync(connection.Transport, refusal));
        }
        finally
        {
            sessions.End(session);
        }
    }
}
