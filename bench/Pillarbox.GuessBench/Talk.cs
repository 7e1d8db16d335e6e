using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pillarbox.GuessBench;

/// <summary>A conversation from a client that a balancer names, so that it may come from anywhere.</summary>
internal sealed class Talk : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[2048];

    private Talk()
    {
    }

    /// <summary>Connects, and hears the greeting or what stands in its place.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="client">As whom.</param>
    /// <param name="number">Spreads connections over the addresses of loopback, of which each has as many ports as there are.</param>
    public static async Task<(Talk Talk, string Greeting)> ConnectAsync(IPEndPoint server, IPAddress client, long number)
    {
        var talk = new Talk();
        talk._socket.Bind(new IPEndPoint(new IPAddress([127, 1, (byte)(number / 200 % 200), (byte)(1 + (number % 200))]), 0));
        await talk._socket.ConnectAsync(server);
        return (talk, await talk.SayAsync($"PROXY {(client.AddressFamily == AddressFamily.InterNetworkV6 ? "TCP6" : "TCP4")} {client} {(client.AddressFamily == AddressFamily.InterNetworkV6 ? "::1" : "127.0.0.1")} 40000 587"));
    }

    /// <summary>Says a line, and hears the reply; empty where the server has closed.</summary>
    public async Task<string> SayAsync(string line)
    {
        try
        {
            await _socket.SendAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
            var said = "";
            while (!IsWhole(said))
            {
                var read = await _socket.ReceiveAsync(_buffer);
                if (read == 0)
                    return "";
                said += Encoding.ASCII.GetString(_buffer, 0, read);
            }

            return said;
        }
        catch (SocketException)
        {
            return "";
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>PLAIN's command.</summary>
    public static string Login(string name, string password) => $"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{name}\0{password}"))}";

    private static bool IsWhole(string said) => said.EndsWith("\r\n", StringComparison.Ordinal) && said.Split("\r\n")[^2] is [_, _, _, ' ', ..];
}
