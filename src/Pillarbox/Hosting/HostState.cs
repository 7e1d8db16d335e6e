using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Pillarbox.Hosting;

/// <summary>What becomes known as the host starts.</summary>
internal sealed class HostState
{
    private volatile bool _hasStarted;

    /// <summary>Whether the host is up.</summary>
    public bool HasStarted
    {
        get => _hasStarted;
        set => _hasStarted = value;
    }

    /// <summary>The console's listener.</summary>
    public ListenOptions? Console { get; set; }

    /// <summary>Where the console listens; a port that was asked for as 0 is the real one once the host is up.</summary>
    public IPEndPoint ConsoleAddress => Console?.IPEndPoint ?? throw new InvalidOperationException("the host has not started");
}
