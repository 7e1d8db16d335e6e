using System.Diagnostics;
using System.Text;

namespace Pillarbox.Peers;

/// <summary>How a program that ran to its end ended.</summary>
/// <param name="Status">Its exit status.</param>
/// <param name="Output">What it wrote to standard output; bytes that are not UTF-8 are replaced.</param>
/// <param name="Error">What it wrote to standard error.</param>
public sealed record CommandResult(int Status, string Output, string Error)
{
    /// <summary>This result, if the program succeeded.</summary>
    /// <exception cref="InvalidOperationException">It did not.</exception>
    public CommandResult Checked() =>
        Status == 0 ? this : throw new InvalidOperationException($"Exit status {Status}.\n{Output}\n{Error}");

    /// <inheritdoc/>
    public override string ToString() => $"exit status {Status}\n{Output}\n{Error}";
}

/// <summary>Runs programs to their end.</summary>
public static class Command
{
    /// <summary>Runs one, feeds it <paramref name="input"/>, and waits at most two minutes unless told otherwise.</summary>
    /// <exception cref="TimeoutException">It did not end in time; it was killed.</exception>
    public static async Task<CommandResult> RunAsync(
        string file, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default, TimeSpan? timeout = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;

        using var process = new Process { StartInfo = start };
        process.Start();
        using var limit = new CancellationTokenSource(timeout ?? TimeSpan.FromMinutes(2));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            try
            {
                await process.StandardInput.BaseStream.WriteAsync(input, limit.Token);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended, or closed its input, before it had read all: its status tells.
            }

            await process.WaitForExitAsync(limit.Token);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} did not end in time.");
        }
    }

    /// <summary>The path of a program, looked for where system administrators' programs are too.</summary>
    /// <exception cref="FileNotFoundException">It is not installed.</exception>
    public static string Find(string name)
    {
        var directories = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin:/usr/lib/postfix/sbin".Split(':');
        return directories.Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{name} is not installed; ./test installs what the tests need.");
    }
}
