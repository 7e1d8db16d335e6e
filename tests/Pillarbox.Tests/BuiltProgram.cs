using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Pillarbox.Tests;

/// <summary>What a run of the program left.</summary>
/// <param name="ExitCode">Its exit status.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record Finished(int ExitCode, string Output, string Error);

/// <summary>The program as it was built, run as a process of its own.</summary>
internal static class BuiltProgram
{
    /// <summary>What any step may take on a slow machine before the test counts as hung.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "pillarbox");

    /// <summary>Runs it to its end.</summary>
    public static async Task<Finished> RunAsync(string[] arguments, string input = "", IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(arguments, environment);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await WaitAsync(process);
        return new Finished(process.ExitCode, await output, await error);
    }

    /// <summary>Starts it.</summary>
    public static Process Start(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(File, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Whoever runs the tests may have a language of their own.
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("the program did not start");
    }

    /// <summary>Waits for its end; one that hangs is ended.</summary>
    public static async Task WaitAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException("the program did not end");
        }
    }
}

/// <summary>A server that runs: started on free ports, found through its banner, ended with the test.</summary>
internal sealed partial class RunningServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _output;
    private readonly Task<string> _error;

    private RunningServer(Process process, List<string> output, Task<string> error)
    {
        _process = process;
        _output = output;
        _error = error;
    }

    /// <summary>Its listeners for SMTP, in the order of the configuration.</summary>
    public IReadOnlyList<IPEndPoint> Smtp { get; private init; } = [];

    /// <summary>Its console.</summary>
    public required Uri Console { get; init; }

    /// <summary>Standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return string.Join('\n', _output);
        }
    }

    /// <summary>Starts <c>serve</c> and waits for its banner.</summary>
    public static async Task<RunningServer> StartAsync(params string[] arguments)
    {
        var process = BuiltProgram.Start(["serve", .. arguments]);
        var output = new List<string>();
        var isUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            lock (output)
                output.Add(line.Data ?? "");
            if (line.Data is null || State().IsMatch(line.Data))
                isUp.TrySetResult();
        };
        process.BeginOutputReadLine();
        var error = process.StandardError.ReadToEndAsync();
        await isUp.Task.WaitAsync(BuiltProgram.Patience);

        string all;
        lock (output)
            all = string.Join('\n', output);
        if (Web().Match(all) is not { Success: true } console)
        {
            process.Kill();
            throw new InvalidOperationException($"the server did not start: {all}\n{await error}");
        }

        return new RunningServer(process, output, error)
        {
            Smtp = [.. Listener().Matches(all).Select(match => IPEndPoint.Parse(match.Groups[1].Value))],
            Console = new Uri(console.Groups[1].Value),
        };
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits until a line of the log matches.</summary>
    public async Task WaitForLogAsync(string text)
    {
        var waited = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (waited.Elapsed > BuiltProgram.Patience)
                throw new TimeoutException($"no \"{text}\" in: {Output}");
            await Task.Delay(50);
        }
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit status.</returns>
    public async Task<int> WaitAsync()
    {
        await BuiltProgram.WaitAsync(_process);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        await _error;
        _process.Dispose();
    }

    [GeneratedRegex(@"^  SMTP     (\S+)", RegexOptions.Multiline)]
    private static partial Regex Listener();

    [GeneratedRegex(@"^  Console  (\S+)", RegexOptions.Multiline)]
    private static partial Regex Web();

    [GeneratedRegex("^  State ")]
    private static partial Regex State();
}
