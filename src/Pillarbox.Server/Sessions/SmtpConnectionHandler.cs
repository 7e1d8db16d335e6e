using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Pillarbox.Server.Sessions;

/// <summary>Where a connection becomes a session: counts it, and holds the conversation or says why not.</summary>
internal sealed class SmtpConnectionHandler(SessionRegistry sessions)
{
    /// <summary>Serves one connection to its end.</summary>
    public async Task HandleAsync(ConnectionContext connection, ListenerOptions listener)
    {
        var client = connection.RemoteEndPoint is IPEndPoint { Address: var address } ? Plain(address) : IPAddress.None;
        var session = sessions.Begin(listener, client, out var refusal);
        try
        {
            var ended = refusal is null
                ? await session.RunAsync(connection.Transport)
                : await session.RefuseAsync(connection.Transport, refusal);

            // A client that does not read would hold the socket open for as long as it likes.
            if (!ended)
                connection.Abort();
        }
        finally
        {
            sessions.End(session);
        }
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
