using System.Net;
using Pillarbox.Configuration;
using Pillarbox.Server;

namespace Pillarbox.Hosting;

/// <summary>What the server says to people when it is up.</summary>
internal static class Banner
{
    public static void Print(TextWriter output, PillarboxOptions options, SmtpEndpoints smtp, IPEndPoint console)
    {
        var version = typeof(Banner).Assembly.GetName().Version?.ToString(3);
        output.WriteLine(options.IsEvaluation
            ? $"Pillarbox {version}, evaluation server: every message is captured and shown in the console, none is sent on."
            : $"Pillarbox {version} for {options.Server.Hostname}");
        foreach (var (name, address) in smtp.Bound)
            output.WriteLine($"  SMTP     {address}  {Describe(options.Server.Listeners.First(listener => listener.Name == name), options)}");
        output.WriteLine($"  Console  http://{console}");
        output.WriteLine($"  State    {options.Data}");
        if (options.IsEvaluation && smtp.Bound is [var (_, first), ..])
        {
            output.WriteLine("Send a first message:");
            output.WriteLine($"  ./pillarbox send --server {Reachable(first)} --from ann@example.org --to bob@example.net");
        }

        output.Flush();
    }

    private static string Describe(ListenerOptions listener, PillarboxOptions options)
    {
        if (options.IsEvaluation)
            return "STARTTLS; any user with any password";
        var tls = listener.Tls switch { ListenerTls.StartTls => ", STARTTLS", ListenerTls.Implicit => ", TLS", _ => "" };
        var auth = listener.Auth switch { ListenerAuth.Required => ", AUTH required", ListenerAuth.Optional => ", AUTH optional", _ => "" };
        return $"{listener.Name}: {listener.Role.ToString().ToLowerInvariant()}{tls}{auth}";
    }

    private static IPEndPoint Reachable(IPEndPoint address) => address.Address switch
    {
        var any when any.Equals(IPAddress.Any) => new IPEndPoint(IPAddress.Loopback, address.Port),
        var any when any.Equals(IPAddress.IPv6Any) => new IPEndPoint(IPAddress.IPv6Loopback, address.Port),
        _ => address,
    };
}
