using System.Net;
using System.Net.Sockets;

namespace Pillarbox.Tests.Hosting;

public sealed class StartTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Address_in_use_ends_the_start_with_one_line_that_names_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var finished = await BuiltProgram.RunAsync(
            ["serve", "--data", _directory.Path, "--smtp", $"{taken.LocalEndpoint}", "--console", "127.0.0.1:0"]);

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains($"cannot listen on {taken.LocalEndpoint}: another program has it", finished.Error, StringComparison.Ordinal);
        Assert.Single(finished.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task State_that_cannot_be_written_ends_the_start_with_one_line()
    {
        // Where a file has the name of a directory that is needed, not even the superuser can make it.
        _directory.Write("captured", "");
        Directory.CreateDirectory(Path.Combine(_directory.Path, "console.token"));

        var finished = await BuiltProgram.RunAsync(
            ["serve", "--data", _directory.Path, "--smtp", "127.0.0.1:0", "--console", "127.0.0.1:0"],
            environment: new Dictionary<string, string> { ["PILLARBOX__QUEUE__STORE"] = "memory" });

        Assert.Equal(1, finished.ExitCode);
        Assert.StartsWith("pillarbox: ", finished.Error, StringComparison.Ordinal);
        Assert.Single(finished.Error.TrimEnd().Split('\n'));
    }

    public void Dispose() => _directory.Dispose();
}
