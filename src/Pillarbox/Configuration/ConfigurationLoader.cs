using System.Collections.Immutable;
using Pillarbox.Configuration.Rules;
using Pillarbox.Configuration.Values;

namespace Pillarbox.Configuration;

/// <summary>A configuration that was read: options, or every fault that stands in the way.</summary>
/// <param name="Options">The options; <see langword="null"/> where there are faults.</param>
/// <param name="Faults">What is wrong, in the order of the file.</param>
/// <param name="Settings">The settings one by one; <see langword="null"/> where the file could not be read at all.</param>
internal sealed record LoadedConfiguration(PillarboxOptions? Options, ImmutableArray<Fault> Faults, Settings? Settings)
{
    /// <summary>The keys whose values are others than they were.</summary>
    public IEnumerable<Key> ChangesSince(LoadedConfiguration earlier) =>
        Settings is null || earlier.Settings is null ? [] : Settings.ChangesSince(earlier.Settings);
}

/// <summary>Reads configurations: a file's, or the evaluation server's, with what the environment and the command line say on top.</summary>
/// <param name="environment">The environment's variables.</param>
internal sealed class ConfigurationLoader(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>The language that the command line names for what the server writes to people; it wins over the file's.</summary>
    public string? Language { get; init; }

    /// <summary>The program's own environment.</summary>
    public static ConfigurationLoader FromEnvironment(string? language = null) => new(Variables()) { Language = language };

    /// <summary>The variables of the program's own environment.</summary>
    public static Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        return variables;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file, named as faults shall name it.</param>
    public LoadedConfiguration LoadFile(string file)
    {
        var faults = new List<Fault>();
        var root = ReadFile(file, faults);
        // What is not TOML is read as something that was not meant: further faults would mislead.
        return root is null || faults.Exists(fault => fault.Key.Length == 0) ? new LoadedConfiguration(null, InOrder(faults), null) : Finish(root, DirectoryOf(file), faults);
    }

    /// <summary>The evaluation server's configuration, with options of the command line on top.</summary>
    /// <param name="options">Option, key and value of each that was given.</param>
    public LoadedConfiguration LoadEvaluation(IEnumerable<(string Option, string[] Key, string Value)> options)
    {
        var faults = new List<Fault>();
        var root = TomlTree.Read(EvaluationServer.Configuration, "evaluation server", faults);
        EnvironmentOverrides.Apply(root, environment, faults);
        foreach (var (option, key, value) in options)
            EnvironmentOverrides.Set(root, key, new ConfigScalar(value, new Origin(option), isText: true));
        return Finish(root, Environment.CurrentDirectory, faults, isEvaluation: true);
    }

    /// <summary>The settings of a file one by one, faulty ones left out: for commands that need but one or two.</summary>
    public Settings ReadSettings(string file)
    {
        var faults = new List<Fault>();
        var root = ReadFile(file, faults) ?? new ConfigTable(new Origin(file, 1));
        return SettingsReader.Read(root, new ReadingContext(DirectoryOf(file)), faults);
    }

    /// <summary>Where state is kept when nobody says.</summary>
    public string DefaultStateDirectory => StateDirectory.Default(environment);

    private ConfigTable? ReadFile(string file, List<Fault> faults)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var why = refused switch
            {
                FileNotFoundException or DirectoryNotFoundException or ArgumentException => "there is no such file",
                UnauthorizedAccessException when Directory.Exists(file) => "is a directory",
                UnauthorizedAccessException => "may not be read by this user",
                _ => refused.Message.TrimEnd('.'),
            };
            faults.Add(new Fault(new Origin(file, 1), "", $"{why}; name a configuration file that can be read"));
            return null;
        }

        var root = TomlTree.Read(text, file, faults);
        EnvironmentOverrides.Apply(root, environment, faults);
        return root;
    }

    private LoadedConfiguration Finish(ConfigTable root, string directory, List<Fault> faults, bool isEvaluation = false)
    {
        if (Language is not null)
            root.Set("language", new ConfigScalar(Language, new Origin("--lang"), isText: true));
        var settings = SettingsReader.Read(root, new ReadingContext(directory), faults);
        Rule.CheckAll(settings, isEvaluation);
        return settings.Faults.Count == 0
            ? new LoadedConfiguration(OptionsBuilder.Build(settings, DefaultStateDirectory, EnvironmentLanguage.Of(environment)) with { IsEvaluation = isEvaluation }, [], settings)
            : new LoadedConfiguration(null, InOrder(settings.Faults), settings);
    }

    private static ImmutableArray<Fault> InOrder(IEnumerable<Fault> faults) =>
        [.. faults.OrderBy(fault => fault.Origin.Source, StringComparer.Ordinal).ThenBy(fault => fault.Origin.Line)];

    // An empty name is that of no file, and of no directory either.
    private static string DirectoryOf(string file) => file.Length == 0 ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
}
