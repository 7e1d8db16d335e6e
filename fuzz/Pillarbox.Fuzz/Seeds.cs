using System.Text;
using System.Text.Json;

namespace Pillarbox.Fuzzing;

/// <summary>Inputs to begin with: the messages that the tests read, and the examples of the wording rules.</summary>
internal static class Seeds
{
    /// <summary>The messages in a folder and those inside it.</summary>
    public static List<byte[]> Messages(string folder) =>
        [.. Directory.GetFiles(folder, "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>The examples in the rule files of a folder.</summary>
    public static List<byte[]> Replies(string folder)
    {
        var seeds = new List<byte[]>();
        foreach (var file in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var rule in document.RootElement.GetProperty("rules").EnumerateArray())
            {
                if (rule.TryGetProperty("examples", out var examples))
                    seeds.AddRange(examples.EnumerateArray().Select(example => Encoding.UTF8.GetBytes(example.GetString()!)));
            }
        }

        return seeds;
    }

    /// <summary>The top of the repository, from wherever in it this runs.</summary>
    public static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pillarbox.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("no Pillarbox.slnx in any folder above");
    }
}
