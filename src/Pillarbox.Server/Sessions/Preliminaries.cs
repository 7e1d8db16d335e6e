using System.IO.Pipelines;
using System.Net;
using Pillarbox.Server.Handlers;
using Pillarbox.Server.Transport;
using Pillarbox.Trust.Tls;

namespace Pillarbox.Server.Sessions;

/// <summary>What comes ahead of a conversation, or of its part under TLS. The sweep watches how long it takes, and cuts the connection.</summary>
internal sealed class Preliminaries(ServerContext server, SessionState state, Wire wire, string sessionId)
{
    /// <summary>Takes a PROXY header. Who comes from a balancer says first for whom: else whatever it sent would count as the balancer's own.</summary>
    /// <returns>Whether there was one, and the client that it names, unless it is the balancer itself.</returns>
    public async ValueTask<(bool Came, IPAddress? Client)> TakeProxyHeaderAsync(IDuplexPipe transport)
    {
        wire.Patience.Begin(Waiting.Handshake);
        var (header, cause) = await ProxyPrelude.ReadAsync(transport.Input);
        wire.Patience.End();
        if (cause is null)
            return (true, header.Source?.Address);

        if (wire.WasCut || cause.Length > 0)
            server.Log.ProxyHeaderFailed(sessionId, state.Peer.ToString(), wire.WasCut ? "no PROXY header in time" : cause);
        return (false, null);
    }

    /// <summary>Shakes hands for TLS, and goes on over it.</summary>
    /// <returns>The transport; <see langword="null"/> where the handshake failed: there is no going on in the clear (RFC 3207 §4.1).</returns>
    public async ValueTask<TlsTransport?> SecureAsync(IDuplexPipe transport)
    {
        wire.Patience.Begin(Waiting.Handshake);
        var client = state.Listener.ClientCertificates == ClientCertificates.None ? null
            : new ClientCertificateCheck(server.Certificates!.Clients!, state.Listener.ClientCertificates == ClientCertificates.Required);
        var (secured, cause) = await TlsTransport.AcceptAsync(transport, server.Certificates!, client, () => wire.WasCut);
        wire.Patience.End();
        if (secured is null)
        {
            server.Log.HandshakeFailed(sessionId, cause!);
            return null;
        }

        wire.Use(secured);
        state.BeginTls(secured.Description, secured.ServerEndPoint, client?.Identity);
        if (client?.Identity is { } identity)
            server.Log.ClientCertificate(sessionId, identity.Subject, string.Join(' ', identity.Addresses));
        else if (client?.Fault is { } fault)
            server.Log.ClientCertificateIgnored(sessionId, fault);
        return secured;
    }
}
