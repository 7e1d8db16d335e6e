using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.In;

/// <summary>A Postfix that hands over all its mail to one server, and logs the session.</summary>
internal static class SendingPostfix
{
    public static PostfixSettings To(int port, string user, string password) => new()
    {
        Hostname = "source.test",
        RelayHost = $"[127.0.0.1]:{port}",
        Main =
        [
            "smtp_tls_security_level = encrypt",
            "smtp_sasl_auth_enable = yes",
            "smtp_sasl_tls_security_options = noanonymous",
            $"smtp_sasl_password_maps = inline:{{ {{ [127.0.0.1]:{port} = {user}:{password} }} }}",
            // It says QUIT after a message, waits for the reply, and shows the session.
            "smtp_connection_cache_on_demand = no",
            "smtp_skip_quit_response = no",
            "debug_peer_list = 127.0.0.1",
        ],
    };
}
