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
            var canRelay = !listener.RelayFrom.IsEmpty || listener.Auth != ListenerAuth.None;
            if (listener.Role == ListenerRole.Submission && !canRelay)
                settings.Fault($"{key}.auth", "nobody could send: no client could ever log in; write \"required\", or name networks in relay-from");
            else if (listener.Role == ListenerRole.Inbound && !canRelay && !hasDomains)
                settings.Fault(key, "nobody could send: there are no domains to receive mail for; write [[domains]] with a name and deliver");
        }
    }

    /// <summary>Where clients should log in, AUTH is offered at some time.</summary>
    public static void AuthIsOffered(Settings settings)
    {
        foreach (var (key, listener) in Listeners(settings))
        {
            if (listener.Auth != ListenerAuth.None && listener.Tls == ListenerTls.None && !listener.InsecureAuth)
            {
                var effect = listener.Auth == ListenerAuth.Required ? "nobody could send: " : "";
                settings.Fault($"{key}.auth", $"{effect}AUTH would never be offered, since there is no TLS; write tls = \"starttls\" or \"implicit\", or insecure-auth = true");
            }
        }
    }

    // A list, since noting a fault makes its listener unsound.
    internal static List<(string Key, ListenerOptions Options)> Listeners(Settings settings) =>
        [.. settings.SoundItems("listeners").Select(key => (key, OptionsBuilder.Listener(settings, key)))];
}
