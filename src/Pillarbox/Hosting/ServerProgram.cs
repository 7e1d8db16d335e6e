using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;

namespace Pillarbox.Hosting;

/// <summary>The composition root: puts the rooms together and runs them until a signal says stop.</summary>
internal static class ServerProgram
{
    public static async Task<int> RunAsync(IPEndPoint console, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(console));
        var app = builder.Build();
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
}
