using System.Net;
using Pillarbox.Protocol.Replies;
using Pillarbox.Server.Handlers;

namespace Pillarbox.Server.Sessions;

/// <summary>
/// Whose session it is, and whether that client may have one more: asked when it begins, and again once another client is known by
/// PROXY or XCLIENT, or forgotten with STARTTLS.
/// </summary>
internal sealed class Admission(ServerContext server, SessionState state)
{
    private IPAddress? _counted;
    private bool _opened;

    /// <summary>Whether a PROXY header is still to come. Until then, the session is nobody's and not counted as the balancer's.</summary>
    public bool AwaitsProxy => !_opened && state.IsPeerIn(state.Listener.ProxyFrom);

    /// <summary>The client is known: the peer itself, or whom it spoke for.</summary>
    public void Open(IPAddress? client)
    {
        _opened = true;
        state.Open(client);
    }

    /// <summary>Counts the session as its client's.</summary>
    /// <returns>The reply that turns it away, or <see langword="null"/>.</returns>
    public Reply? Admit()
    {
        if (_counted is { } before && before.Equals(state.Client))
            return null;
        Leave();

        // Those whom nobody knows are many, and not one client.
        if (AwaitsProxy || state.Client.Equals(IPAddress.None))
            return null;
        _counted = state.Client;
        return server.Clients.Enter(_counted) > server.Policy.Current.Limits.ConnectionsPerClient ? ReplyCatalogue.TooManyConnectionsFromClient
            : IsForLogins && server.Guard.TurnsAway(state.Client) ? ReplyCatalogue.AuthBanned
            : null;
    }

    // Where nothing goes without a login, there is nothing else that a client could want whom a ban keeps from it. Elsewhere its mail
    // goes on, and AUTH alone is refused.
    private bool IsForLogins => state.Listener.Auth == ListenerAuth.Required && !RelayRight.IsFromTrustedNetwork(state);

    /// <summary>Counts it out.</summary>
    public void Leave()
    {
        if (_counted is { } client)
            server.Clients.Leave(client);
        _counted = null;
    }
}
