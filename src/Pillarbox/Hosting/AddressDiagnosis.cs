using System.Net;
using System.Net.Sockets;
using Pillarbox.Configuration;

namespace Pillarbox.Hosting;

/// <summary>Finds out which of a server's addresses could not be had, and says what to do.</summary>
internal static class AddressDiagnosis
{
    /// <summary>One line about the first address that cannot be listened on, or <see langword="null"/> where all can.</summary>
    public static string? Explain(PillarboxOptions options)
    {
        var all = options.Server.Listeners.Select(listener => ($"listener {listener.Name}", listener.Address)).Append(("the console", options.Console));
        foreach (var (who, address) in all)
        {
            if (Try(address) is { } error)
                return $"{who} cannot listen on {address}: {Explain(error, address, options.IsEvaluation)}";
        }

        return null;
    }

    private static SocketError? Try(IPEndPoint address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(address);
            socket.Listen();
            return null;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode;
        }
    }

    private static string Explain(SocketError error, IPEndPoint address, bool isEvaluation) => error switch
    {
        SocketError.AddressAlreadyInUse => isEvaluation
            ? $"another program has it; stop that one, or choose others: --smtp 127.0.0.1:0 --console 127.0.0.1:0 take free ports (ss -ltnp 'sport = :{address.Port}' says who it is)"
            : $"another program has it; stop that one, or change the address (ss -ltnp 'sport = :{address.Port}' says who it is)",
        SocketError.AccessDenied => $"port {address.Port} is for privileged programs; give the program CAP_NET_BIND_SERVICE, or choose a port from 1024 on",
        SocketError.AddressNotAvailable => "this machine has no such address; choose one of its own, or 0.0.0.0",
        _ => error.ToString(),
    };
}
