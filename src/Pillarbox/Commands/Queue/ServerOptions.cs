using System.CommandLine;
using System.Net;
using Pillarbox.Configuration;
using Pillarbox.Hosting;

namespace Pillarbox.Commands.Queue;

/// <summary>Finds a running server: its configuration file names console and state directory; without one it is the evaluation server.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string> _config = CommonOptions.Config("The configuration file of the server; without one, the evaluation server.");
    private readonly Option<string> _console = new("--console") { Description = "The address of the server's console, such as http://127.0.0.1:8025.", HelpName = "URL" };
    private readonly Option<string> _data = new("--data") { Description = "The state directory of the server, which holds its token.", HelpName = "DIR" };

    public static ServerOptions AddTo(Command command)
    {
        var options = new ServerOptions();
        command.Add(options._config);
        command.Add(options._console);
        command.Add(options._data);
        return options;
    }

    /// <summary>The API of the server that the options name.</summary>
    /// <exception cref="CommandFault">The options name none.</exception>
    public QueueApi Open(ParseResult result)
    {
        var loader = ConfigurationLoader.FromEnvironment();
        var settings = result.GetValue(_config) is { } file ? loader.ReadSettings(file) : null;
        if (settings?.Faults.FirstOrDefault(fault => fault.Key is "" or "data" or "console.address") is { } fault)
            throw new CommandFault(fault.ToString());

        var data = result.GetValue(_data) ?? settings?.Find<string>("data") ?? loader.DefaultStateDirectory;
        if (data.Length == 0)
            throw new CommandFault("--data is empty; name the server's state directory") { ExitCode = ExitCode.Usage };
        var console = result.GetValue(_console) ?? $"http://{settings?.Get<IPEndPoint>("console.address") ?? new IPEndPoint(IPAddress.Loopback, 8025)}";
        if (!Uri.TryCreate(console, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new CommandFault($"{console} is no URL, such as http://127.0.0.1:8025") { ExitCode = ExitCode.Usage };
        return new QueueApi(address, DataDirectory.ConsoleToken(Path.GetFullPath(data)));
    }
}
