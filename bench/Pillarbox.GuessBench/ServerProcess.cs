using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Pillarbox.GuessBench;

/// <summary>What the server has used.</summary>
/// <param name="Seconds">Of a processor.</param>
/// <param name="WorkingSet">Octets of memory that the process holds.</param>
/// <param name="Checks">Passwords that were hashed.</param>
internal readonly record struct Usage(double Seconds, long WorkingSet, long Checks);

/// <summary>The server's process, from outside.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, int submission, int inbound)
    {
        _process = process;
        Submission = new IPEndPoint(IPAddress.Loopback, submission);
        Inbound = new IPEndPoint(IPAddress.Loopback, inbound);
    }

    /// <summary>Where nothing goes without a login.</summary>
    public IPEndPoint Submission { get; }

    /// <summary>Where mail comes in without one.</summary>
    public IPEndPoint Inbound { get; }

    public static async Task<ServerProcess> StartAsync(string accounts)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["server", accounts]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1"; // as the program itself has it
        var process = Process.Start(start)!;
        var ports = (await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the server did not start")).Split(' ');
        return new ServerProcess(process, int.Parse(ports[0], CultureInfo.InvariantCulture), int.Parse(ports[1], CultureInfo.InvariantCulture));
    }

    public async Task<Usage> MeasureAsync()
    {
        await _process.StandardInput.WriteLineAsync("measure");
        await _process.StandardInput.FlushAsync();
        var words = (await _process.StandardOutput.ReadLineAsync())!.Split(' ');
        return new Usage(double.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture), long.Parse(words[2], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
