using System.CommandLine;
using Pillarbox.Configuration;
using Pillarbox.Hosting;

namespace Pillarbox.Commands;

/// <summary><c>serve</c>: the server itself, or the evaluation server where no configuration file is given.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config("The configuration file; without one, an evaluation server runs, which captures every message.");
        var data = new Option<string>("--data") { Description = "Where the evaluation server keeps its state.", HelpName = "DIR" };
        var smtp = new Option<string>("--smtp") { Description = "Where the evaluation server listens for SMTP [default: 127.0.0.1:2525].", HelpName = "ADDRESS:PORT" };
        var console = new Option<string>("--console") { Description = "Where its console listens [default: 127.0.0.1:8025].", HelpName = "ADDRESS:PORT" };
        var log = new Option<LogFormat>("--log") { Description = "How log lines look on standard output.", HelpName = "text|json" };
        var language = LanguageOption.Create("The language of bounces and notices of delay, such as en or th; they hold English too [default: the file's, else as LC_ALL, LC_MESSAGES or LANG say].");
        var command = new Command("serve", "Run the server.") { config, data, smtp, console, log, language };
        (Option<string> Option, string[] Key)[] evaluation =
            [(data, ["data"]), (smtp, ["listeners", "0", "address"]), (console, ["console", "address"])];
        command.Validators.Add(result =>
        {
            if (result.GetResult(config) is not null && Array.Find(evaluation, each => result.GetResult(each.Option) is not null).Option is { } option)
                result.AddError($"{option.Name} is for the evaluation server; with --config, the file says it.");
        });
        command.SetAction((result, cancellationToken) =>
        {
            var given = evaluation.Where(each => result.GetValue(each.Option) is not null)
                .Select(each => (each.Option.Name, each.Key, result.GetValue(each.Option)!));
            return RunAsync(result.GetValue(config), given, LanguageOption.Given(result, language), result.GetValue(log), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        string? file, IEnumerable<(string Option, string[] Key, string Value)> given, string? language, LogFormat log, CancellationToken cancellationToken)
    {
        var loader = ConfigurationLoader.FromEnvironment(language);
        var loaded = file is null ? loader.LoadEvaluation(given) : loader.LoadFile(file);
        if (!loaded.Faults.IsEmpty)
        {
            CheckCommand.PrintFaults(loaded);
            return ExitCode.Refused;
        }

        return await ServerProgram.RunAsync(new ServerStart(loaded, file, loader, log), cancellationToken);
    }
}
