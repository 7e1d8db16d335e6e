namespace Pillarbox.Server.Handlers;

/// <summary>Who may send to domains that are not ours.</summary>
internal static class RelayRight
{
    /// <summary>Those who logged in, and those from networks named in <c>relay-from</c>.</summary>
    public static bool Has(SessionState session) => session.Account is not null || IsFromTrustedNetwork(session);

    /// <summary>Whether the client's address is in one of the listener's <c>relay-from</c> networks.</summary>
    public static bool IsFromTrustedNetwork(SessionState session) => session.IsClientIn(session.Listener.RelayFrom);
}
