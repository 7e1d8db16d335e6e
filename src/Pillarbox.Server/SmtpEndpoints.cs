using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Pillarbox.Server;

/// <summary>Where the server listens.</summary>
public sealed class SmtpEndpoints
{
    private readonly List<(string Listener, ListenOptions Options)> _asked = [];

    /// <summary>The listeners with their addresses. A port that was asked for as 0 is the real one once the server has started.</summary>
    public IReadOnlyList<(string Listener, IPEndPoint Address)> Bound => [.. _asked.Select(asked => (asked.Listener, asked.Options.IPEndPoint!))];

    internal void Add(string listener, ListenOptions options) => _asked.Add((listener, options));
}
