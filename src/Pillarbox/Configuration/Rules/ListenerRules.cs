using Pillarbox.Server;

namespace Pillarbox.Configuration.Rules;

/// <summary>What must hold of a listener.</summary>
internal static class ListenerRules
{
    /// <summary>There are listeners, and each has a name of its own.</summary>
    public static void Named(Settings settings)
    {
        if (settings.Count("listeners") == 0 && settings.IsSound("listeners"))
            settings.Fault("listeners", "there is none, so nobody could send; write [[listeners]] with a name, an address and a role");

        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var key in settings.SoundItems("listeners").ToList())
        {
            var name = settings.Get<string>($"{key}.name");
            if (!seen.TryAdd(name, key))
                settings.Fault($"{key}.name", $"\"{name}\" is the name of {seen[name]} too; give each its own");
        }
    }

    /// <summary>There is somebody who could send through it.</summary>
    public static void SomebodyCanSend(Settings settings)
    {
        foreach (var (key, listener) in Listeners(settings))
        {
            var hasDomains = settings.Count("domains") > 0;

            // XCLIENT LOGIN= lets a peer's clients send, though none logs in here.
            var canRelay = !listener.RelayFrom.IsEmpty || !listener.XclientFrom.IsEmpty || CouldLogIn(listener);
            if (listener.Role == ListenerRole.Submission && !canRelay)
                settings.Fault($"{key}.auth", "nobody could send: no client could ever log in; write \"required\", or name networks in relay-from");
            else if (listener.Role is ListenerRole.Inbound or ListenerRole.Lmtp && !canRelay && !hasDomains)
                settings.Fault(key, "nobody could send: there are no domains to receive mail for; write [[domains]] with a name and deliver");
        }
    }

    /// <summary>LMTP stays off the port of SMTP (RFC 2033 §5): a mail server that came there would find nobody who understands it.</summary>
    public static void LmtpHasItsPort(Settings settings)
    {
        foreach (var (key, listener) in Listeners(settings))
        {
            if (listener.Role == ListenerRole.Lmtp && listener.Address.Port == 25)
                settings.Fault($"{key}.address", "LMTP must not be spoken on port 25, which is SMTP's; take another, such as 24");
        }
    }

    /// <summary>Where clients must log in, they can.</summary>
    public static void LoginIsPossible(Settings settings)
    {
        foreach (var (key, listener) in Listeners(settings))
        {
            if (listener.Auth == ListenerAuth.Required && listener.Tls == ListenerTls.None && !listener.InsecureAuth && listener.RelayFrom.IsEmpty)
                settings.Fault($"{key}.auth", "nobody could send: AUTH would never be offered, since there is no TLS; write tls = \"starttls\" or \"implicit\", or insecure-auth = true");
        }
    }

    // What is offered only after TLS, where there is none, is never offered.
    private static bool CouldLogIn(ListenerOptions listener) =>
        listener.Auth == ListenerAuth.Required || (listener.Auth == ListenerAuth.Optional && (listener.Tls != ListenerTls.None || listener.InsecureAuth));

    // A list, since noting a fault makes its listener unsound.
    internal static List<(string Key, ListenerOptions Options)> Listeners(Settings settings) =>
        [.. settings.SoundItems("listeners").Select(key => (key, OptionsBuilder.Listener(settings, key)))];
}
