using System.CommandLine;

namespace Pillarbox.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document." };

    public static Option<string> Config(string description, bool required = false) =>
        new("--config") { Description = description, HelpName = "FILE", Required = required };
}
