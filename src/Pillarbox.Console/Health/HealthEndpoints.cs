using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pillarbox.WebConsole.Health;

internal sealed record HealthDocument(string Status, IReadOnlyList<string> Faults);

/// <summary>What an orchestrator asks: is the process alive, and may mail be sent to it?</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new HealthDocument("live", [])));
        app.MapGet("/health/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, CancellationToken cancellationToken)
    {
        var faults = await readiness.FaultsAsync(cancellationToken);
        return faults.Count == 0
            ? TypedResults.Ok(new HealthDocument("ready", faults))
            : TypedResults.Json(new HealthDocument("notReady", faults), statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
