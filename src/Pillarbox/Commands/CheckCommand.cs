using System.CommandLine;
using Pillarbox.Configuration;

namespace Pillarbox.Commands;

/// <summary><c>check</c>: says every fault of a configuration file.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config("The configuration file.", required: true);
        var json = CommonOptions.Json();
        var command = new Command("check", "Say every fault of a configuration file.") { config, json };
        command.SetAction(result => Run(result.GetRequiredValue(config), result.GetValue(json)));
        return command;
    }

    private static int Run(string file, bool json)
    {
        var loaded = ConfigurationLoader.FromEnvironment().LoadFile(file);
        if (json)
            PrintJson(loaded);
        else if (loaded.Faults.IsEmpty)
            Console.Out.WriteLine($"{file}: no faults");
        else
            PrintFaults(loaded);
        return loaded.Faults.IsEmpty ? ExitCode.Done : ExitCode.Refused;
    }

    /// <summary>Prints faults for people, a line each, on standard error.</summary>
    public static void PrintFaults(LoadedConfiguration loaded)
    {
        foreach (var fault in loaded.Faults)
            Console.Error.WriteLine(fault);
    }

    private static void PrintJson(LoadedConfiguration loaded) => JsonOutput.Print(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("faults");
        foreach (var fault in loaded.Faults)
        {
            writer.WriteStartObject();
            writer.WriteString("source", fault.Origin.Source);
            if (fault.Origin.Line > 0)
                writer.WriteNumber("line", fault.Origin.Line);
            else
                writer.WriteNull("line");
            writer.WriteString("key", fault.Key);
            writer.WriteString("message", fault.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
