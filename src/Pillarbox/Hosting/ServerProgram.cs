using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pillarbox.Configuration;
using Pillarbox.Server;

namespace Pillarbox.Hosting;

/// <summary>What a server is started with.</summary>
/// <param name="Settings">The configuration, free of faults.</param>
/// <param name="File">The file that it came from; <see langword="null"/> for the evaluation server.</param>
/// <param name="Loader">What reads the file again.</param>
/// <param name="LogFormat">How log lines look.</param>
internal sealed record ServerStart(LoadedConfiguration Settings, string? File, ConfigurationLoader Loader, LogFormat LogFormat);

/// <summary>Runs a server from start to stop.</summary>
internal static class ServerProgram
{
    // Beside the sockets' own threads: blocked console work must leave some for the rest.
    private const int MinThreads = 32;

    /// <summary>Runs until a signal says stop.</summary>
    /// <exception cref="CommandFault">The server cannot start.</exception>
    public static async Task<int> RunAsync(ServerStart start, CancellationToken cancellationToken)
    {
        // Read by the runtime with the first socket: completions run on the threads that see them, for SMTP's sake
        // (Pillarbox.Server's transport has the other half of it).
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        ThreadPool.SetMinThreads(MinThreads, MinThreads);

        var options = start.Settings.Options ?? throw new ArgumentException("a configuration with faults", nameof(start));
        DataDirectory.Prepare(options.Data);
        await using var app = ServerHost.Build(start, options);
        if (!await StartAsync(app, options, cancellationToken))
            return ExitCode.Done;
        var state = app.Services.GetRequiredService<HostState>();
        state.HasStarted = true;
        Banner.Print(Console.Out, options, app.Services.GetRequiredService<SmtpEndpoints>(), state.ConsoleAddress);
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    // False where it was told to stop before it had started.
    private static async Task<bool> StartAsync(WebApplication app, PillarboxOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested || cancellationToken.IsCancellationRequested)
        {
            await app.StopAsync(CancellationToken.None);
            return false;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            // What did start is in use: it ends in order before its parts are taken away, and its addresses are free for the diagnosis.
            await app.StopAsync(CancellationToken.None);
            throw new CommandFault(AddressDiagnosis.Explain(options) ?? $"the server cannot start: {refused.Message}", refused);
        }
    }
}
