using Pillarbox.Configuration;

namespace Pillarbox.Fuzzing;

/// <summary>Configuration files.</summary>
internal static class ConfigurationTargets
{
    private static readonly byte[][] Tokens =
    [
        .. FuzzTarget.Texts(
            "[", "]", "[[", "]]", "=", " = ", "\n", "\r\n", "\"", "\"\"\"", "'", "'''", "{", "}", ",", "#", ".", "\\u0000", "\\UFFFFFFFF", "\t", "true", "-1", "0x7fffffffffffffff", "1e999", "nan", "1979-05-27T07:32:00Z",
            "hostname", "[[listeners]]\n", "listeners.", "limits.", "\"5m\"", "\"99999999999999d\"", "\"25MiB\"", "\"9223372036854775807EiB\"", "\"127.0.0.1:99999\"", "\"[::1]:25\"", "\"0.0.0.0/0\"", "via = \"smtp://a:b@[::1]:25\"", "\u00e4", "\ud83d\udce8"),
        [0], [0xff], [0x80], [0xef, 0xbb, 0xbf],
    ];

    /// <summary>The one.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } = [new("configuration", Load, Files) { Tokens = Tokens, MaxLength = 1 << 14 }];

    private static void Load(byte[] input)
    {
        var file = Path.Combine(Path.GetTempPath(), $"pillarbox-fuzz-{Environment.ProcessId}.toml");
        File.WriteAllBytes(file, input);
        var loaded = new ConfigurationLoader(new Dictionary<string, string>()).LoadFile(file);
        File.Delete(file);
        FuzzTarget.Require(loaded.Options is null == !loaded.Faults.IsEmpty, "options with faults, or neither");
        foreach (var fault in loaded.Faults)
            FuzzTarget.Require(fault.Message.Length > 0 && !fault.ToString().Any(char.IsControl), "a fault that cannot be shown");
    }

    private static List<byte[]> Files() =>
    [
        .. Directory.GetFiles(Path.Combine(Seeds.Repository(), "tests", "Pillarbox.Tests", "Configuration"), "*.toml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
        .. Corpus.Of("configuration"),
    ];
}
