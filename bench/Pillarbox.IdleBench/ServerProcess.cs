using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Pillarbox.IdleBench;

/// <summary>What the server uses, after a collection of garbage.</summary>
/// <param name="Managed">Octets of the managed heap that are in use.</param>
/// <param name="WorkingSet">Octets of memory that the process holds.</param>
internal readonly record struct Usage(long Managed, long WorkingSet);

/// <summary>The server's process, from outside.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, IPEndPoint address)
    {
        _process = process;
        Address = address;
    }

    public IPEndPoint Address { get; }

    public static async Task<ServerProcess> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["server"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1"; // as the program itself has it
        var process = Process.Start(start)!;
        var port = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the server did not start");
        return new ServerProcess(process, new IPEndPoint(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture)));
    }

    public async Task<Usage> MeasureAsync()
    {
        await _process.StandardInput.WriteLineAsync("measure");
        await _process.StandardInput.FlushAsync();
        var words = (await _process.StandardOutput.ReadLineAsync())!.Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return new Usage(words[0], words[1]);
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
