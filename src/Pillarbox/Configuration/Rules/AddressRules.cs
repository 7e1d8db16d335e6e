using System.Net;
using System.Net.Sockets;

namespace Pillarbox.Configuration.Rules;

/// <summary>What must hold of the addresses to listen on.</summary>
internal static class AddressRules
{
    /// <summary>No two listen on the same address and port; the console counts.</summary>
    public static void NotTwice(Settings settings)
    {
        var keys = Enumerable.Range(0, settings.Count("listeners")).Select(i => $"listeners[{i}].address").Where(settings.IsGiven).ToList();
        if (settings.IsSound("console"))
            keys.Insert(0, "console.address");

        var seen = new List<(IPEndPoint Address, string Key)>();
        foreach (var key in keys)
        {
            var address = settings.Get<IPEndPoint>(key);
            var other = seen.Find(each => Collide(each.Address, address));
            if (other.Key is not null)
                settings.Fault(key, $"{address} is taken by {other.Key} ({other.Address}); give it another port");
            seen.Add((address, key));
        }
    }

    /// <summary>Who reaches the console may do everything, so only this machine's users may reach it.</summary>
    public static void ConsoleOnLoopback(Settings settings)
    {
        if (settings.IsSound("console") && settings.Get<IPEndPoint>("console.address") is var address && !IsLoopback(address.Address))
            settings.Fault("console.address", $"{address} can be reached from other machines, and the console has no login yet; write an address on loopback, such as 127.0.0.1:{address.Port}");
    }

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static bool Collide(IPEndPoint one, IPEndPoint other)
    {
        if (one.Port != other.Port || one.Port == 0)
            return false;
        if (one.Address.Equals(other.Address))
            return true;

        // [::] takes IPv4 along; 0.0.0.0 takes every address of IPv4.
        return one.Address.Equals(IPAddress.IPv6Any) || other.Address.Equals(IPAddress.IPv6Any)
            || (one.AddressFamily == AddressFamily.InterNetwork && other.AddressFamily == AddressFamily.InterNetwork
                && (one.Address.Equals(IPAddress.Any) || other.Address.Equals(IPAddress.Any)));
    }
}
