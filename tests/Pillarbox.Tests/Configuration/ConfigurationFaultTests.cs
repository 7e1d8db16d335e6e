using Pillarbox.Configuration;

namespace Pillarbox.Tests.Configuration;

/// <summary>
/// Golden data: each <c>Faults/NAME.toml</c> is faulty, and <c>Faults/NAME.faults</c> holds what <c>check</c> says of it, to the letter.
/// A changed message is shown by <c>PILLARBOX_GOLDEN=DIRECTORY</c>, which takes what is said now.
/// </summary>
public sealed class ConfigurationFaultTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Configuration", "Faults");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.toml").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_with_faults_gets_every_one_told(string name)
    {
        var file = Path.Combine(Folder, name + ".toml");
        var loaded = new ConfigurationLoader(new Dictionary<string, string> { ["HOME"] = "/home/nobody" }).LoadFile(file);

        var said = string.Join('\n', loaded.Faults.Select(fault => fault.ToString().Replace(Folder, "DIR", StringComparison.Ordinal))) + "\n";
        if (Environment.GetEnvironmentVariable("PILLARBOX_GOLDEN") is { } golden)
            File.WriteAllText(Path.Combine(golden, name + ".faults"), said);
        Assert.Null(loaded.Options);
        Assert.Equal(File.ReadAllText(Path.Combine(Folder, name + ".faults")), said);
    }
}
