using System.Collections.Concurrent;
using System.Net;
using Pillarbox.Server.Guessing;

namespace Pillarbox.Server.Sessions;

/// <summary>
/// How many sessions each client has, which is whom <see cref="ClientNetwork"/> takes for one.
/// </summary>
internal sealed class ClientCounts
{
    private readonly ConcurrentDictionary<IPAddress, int> _sessions = new();

    /// <summary>Counts a session.</summary>
    /// <returns>How many its client has, this one included.</returns>
    public int Enter(IPAddress client) => _sessions.AddOrUpdate(ClientNetwork.Of(client), 1, static (_, count) => count + 1);

    /// <summary>It is over.</summary>
    public void Leave(IPAddress client)
    {
        var key = ClientNetwork.Of(client);
        while (_sessions.TryGetValue(key, out var count))
        {
            if (count > 1 ? _sessions.TryUpdate(key, count - 1, count) : _sessions.TryRemove(new(key, count)))
                return;
        }
    }
}
