using System.CommandLine;
using System.Net;
using Pillarbox.Hosting;

namespace Pillarbox.Commands;

/// <summary><c>serve</c>: the server itself, or the evaluation server where no configuration file is given.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Where the evaluation server keeps its state.", HelpName = "DIR" };
        var smtp = new Option<string>("--smtp") { Description = "Where the evaluation server listens for SMTP (127.0.0.1:2525).", HelpName = "ADDRESS:PORT" };
        var console = new Option<string>("--console") { Description = "Where its console listens (127.0.0.1:8025).", HelpName = "ADDRESS:PORT" };
        var command = new Command("serve", "Run the server; without a configuration file, an evaluation server that captures every message.")
        {
            data, smtp, console,
        };
        command.SetAction((result, cancellationToken) => ServerProgram.RunAsync(
            EndPoint(result.GetValue(console) ?? "127.0.0.1:8025"), cancellationToken));
        return command;
    }

    private static IPEndPoint EndPoint(string text) =>
        IPEndPoint.TryParse(text, out var address)
            ? address
            : throw new CommandFault($"{text} is no ADDRESS:PORT, such as 127.0.0.1:2525") { ExitCode = ExitCode.Usage };
}
