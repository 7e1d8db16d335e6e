using System.Net;
using System.Runtime.InteropServices;

namespace Pillarbox.Peers;

/// <summary>How the built program is run.</summary>
public sealed record PillarboxSettings
{
    /// <summary>Ports on loopback that must take connections before the server counts as ready.</summary>
    public required IReadOnlyList<int> Ports { get; init; }

    /// <summary>Environment variables beside those of the test.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>A program, with its arguments, that runs the server, such as strace.</summary>
    public IReadOnlyList<string> Wrapper { get; init; } = [];
}

/// <summary>The built program as a process of its own.</summary>
public sealed class PillarboxProcess : IAsyncDisposable
{
    private static readonly Dictionary<string, string> _empty = [];

    private readonly TempDirectory? _owned;

    private PillarboxProcess(ChildProcess process, TempDirectory? owned)
    {
        Process = process;
        _owned = owned;
    }

    /// <summary>The process: its output, its signals.</summary>
    public ChildProcess Process { get; }

    /// <summary>Of the evaluation server: where SMTP is spoken.</summary>
    public int SmtpPort { get; private init; }

    /// <summary>Of the evaluation server: where the console and the HTTP API are.</summary>
    public int ConsolePort { get; private init; }

    /// <summary>Of the evaluation server: its state.</summary>
    public string Data { get; private init; } = "";

    /// <summary>The program, built in the same configuration as the test that asks.</summary>
    public static string Program
    {
        get
        {
            var output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            var program = Path.GetFullPath(Path.Combine(output, "..", "..", "Pillarbox", Path.GetFileName(output), "pillarbox"));
            return File.Exists(program)
                ? program
                : throw new FileNotFoundException($"{program}: the test project needs a reference to src/Pillarbox.");
        }
    }

    /// <summary>Runs <c>serve --config</c> with that text; the directory and what the text names stay the caller's.</summary>
    public static async Task<PillarboxProcess> ServeAsync(TempDirectory directory, string configuration, PillarboxSettings settings)
    {
        var file = directory.Write("pillarbox.toml", configuration);
        return new PillarboxProcess(await StartAsync(["serve", "--config", file], settings), owned: null);
    }

    /// <summary>Runs <c>serve</c> without a configuration: the evaluation server, on ports and with a directory of its own.</summary>
    public static async Task<PillarboxProcess> EvaluateAsync()
    {
        var directory = new TempDirectory("evaluation");
        try
        {
            var (smtp, console) = (FreePort.Take(), FreePort.Take());
            string[] arguments =
                ["serve", "--data", directory["data"], "--smtp", $"127.0.0.1:{smtp}", "--console", $"127.0.0.1:{console}"];
            var process = await StartAsync(arguments, new PillarboxSettings { Ports = [smtp, console] });
            return new PillarboxProcess(process, directory) { SmtpPort = smtp, ConsolePort = console, Data = directory["data"] };
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Runs another command of the program to its end.</summary>
    public static Task<CommandResult> RunAsync(IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default) =>
        Command.RunAsync(Program, arguments, input, environment: new Dictionary<string, string> { ["DOTNET_ROOT"] = DotnetRoot });

    /// <summary>Stops it as an administrator would, and tells its exit status.</summary>
    public Task<int> StopAsync() => Process.StopAsync();

    /// <summary>Ends it at once, as a crash would.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _owned?.Dispose();
    }

    // The program's host looks for the runtime where the system has it; the runtime of the tests may be elsewhere.
    private static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static async Task<ChildProcess> StartAsync(IReadOnlyList<string> arguments, PillarboxSettings settings)
    {
        string[] line = [.. settings.Wrapper, Program, .. arguments];
        var process = ChildProcess.Start(
            Command.Find(line[0]), line[1..], new Dictionary<string, string>(settings.Environment ?? _empty) { ["DOTNET_ROOT"] = DotnetRoot });
        try
        {
            foreach (var port in settings.Ports)
                await Readiness.UntilListensAsync(new IPEndPoint(IPAddress.Loopback, port), process);

            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
