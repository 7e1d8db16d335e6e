using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Pillarbox.WebConsole.Api;
using Pillarbox.WebConsole.Guard;
using Pillarbox.WebConsole.Health;
using Pillarbox.WebConsole.Metrics;
using Pillarbox.WebConsole.Pages;
using Pillarbox.WebConsole.ReferencePages;

namespace Pillarbox.WebConsole;

/// <summary>Puts the console into a host: pages, the HTTP API, figures and health.</summary>
public static class PillarboxConsole
{
    private const string TokenScheme = "token";

    /// <summary>
    /// Adds what the console needs. Needs in the container: <c>MailQueue</c>, <c>CaptureStore</c>, <c>DeliveryQueue</c>, the SMTP server's services and a
    /// <see cref="TimeProvider"/>. The token file is written when the host starts, after the queue's store has been opened.
    /// </summary>
    public static IServiceCollection AddPillarboxConsole(this IServiceCollection services, ConsoleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        services.AddSingleton<ConsoleToken>();
        services.AddHostedService(provider => provider.GetRequiredService<ConsoleToken>());
        services.AddSingleton<Readiness>();
        services.AddSingleton<MessageReader>();
        services.AddRouting();
        services.AddRazorComponents();

        // Letters of any script as they are: pages in other languages would be many times as long otherwise.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddOpenApi("v1", Describe);
        services.AddPillarboxMetrics();
        return services;
    }

    /// <summary>Puts the guard ahead of everything that is mapped, then the console's paths.</summary>
    public static WebApplication MapPillarboxConsole(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<HostGuard>();
        app.MapConsolePages();
        app.MapReferencePages();
        app.MapConsoleApi();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }

    private static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Pillarbox",
                Version = "v1",
                Description = "Captured messages, sessions, the queue and the reference. Times are RFC 3339 in UTC. "
                    + "Changes need the token of the file console.token in the data directory as a bearer token.",
            };
            document.Components ??= new OpenApiComponents();
            document.AddComponent(TokenScheme, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Of a type with a converter of its own the generator knows the format alone.
            if (context.JsonTypeInfo.Type == typeof(DateTimeOffset))
                schema.Type = JsonSchemaType.String;
            else if (context.JsonTypeInfo.Type == typeof(DateTimeOffset?))
                schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.HttpMethod != HttpMethods.Get && !context.Description.ActionDescriptor.EndpointMetadata.OfType<ChangesNothing>().Any())
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenScheme, context.Document)] = [] }];
            return Task.CompletedTask;
        });
    }
}
