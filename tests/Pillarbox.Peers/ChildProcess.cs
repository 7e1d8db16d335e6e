using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

using Xunit;

namespace Pillarbox.Peers;

/// <summary>A signal that a process can be sent.</summary>
public enum Signal
{
    Hangup = 1,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>
/// A server that a test started: stopped by its process id, and at the latest when the test process ends. What it said is put into the test's
/// output, which is shown when the test fails.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<int, Process> _running = new();

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _lock = new();
    private bool _disposed;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in _running.Values)
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    };

    private ChildProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    /// <summary>What the test's output calls it.</summary>
    public string Name { get; }

    /// <summary>Its process id.</summary>
    public int Id { get; private set; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The status with which it ended; 128 and the signal's number when a signal ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote so far, both streams, line by line.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
                return _output.ToString();
        }
    }

    /// <summary>Starts a program with no standard input.</summary>
    public static ChildProcess Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "/",
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;

        var child = new ChildProcess(Path.GetFileName(file), new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, e) => child.Keep(e.Data);
        child._process.ErrorDataReceived += (_, e) => child.Keep(e.Data);
        child._process.Start();
        child.Id = child._process.Id;
        _running[child.Id] = child._process;
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Sends it a signal; one that has ended gets none.</summary>
    public void Send(Signal signal)
    {
        if (!_process.HasExited)
            _ = NativeMethods.kill(Id, (int)signal);
    }

    /// <summary>Waits until it has ended and all it wrote was read; tells the status.</summary>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} did not end within {timeout}. It wrote:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Asks it to end and waits; what does not end in time is killed, and that is an error.</summary>
    public async Task<int> StopAsync(TimeSpan? grace = null, Signal signal = Signal.Terminate)
    {
        Send(signal);
        try
        {
            return await WaitForExitAsync(grace ?? TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public Task<int> KillAsync() => StopAsync(signal: Signal.Kill);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;

        _disposed = true;
        try
        {
            await StopAsync();
        }
        finally
        {
            _running.TryRemove(Id, out _);
            TestLog.Write(Name, Output);
            _process.Dispose();
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;

        lock (_lock)
            _output.Append(line).Append('\n');
    }

    private static class NativeMethods
    {
        [DllImport("libc", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int kill(int pid, int signal);
    }
}

/// <summary>Puts what a peer said into the output of the test that runs; the runner shows it when the test fails.</summary>
public static class TestLog
{
    private const int _limit = 40_000;

    /// <summary>Writes the end of a log.</summary>
    public static void Write(string name, string text)
    {
        if (TestContext.Current.TestOutputHelper is not { } output || text.Length == 0)
            return;

        output.WriteLine($"---- {name}\n{(text.Length > _limit ? "[…]\n" + text[^_limit..] : text)}");
    }
}
