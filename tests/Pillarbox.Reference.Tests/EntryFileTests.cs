using System.Text.Json;
using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Tests;

/// <summary>Entries are found by the indentation of the files, without reading them as JSON: so each must be indented as they all are.</summary>
public sealed class EntryFileTests
{
    public static TheoryData<string> Files => [.. typeof(ReplyReference).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".json", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_has_the_entries_that_its_json_has(string name)
    {
        using var stream = typeof(ReplyReference).Assembly.GetManifestResourceStream(name)!;
        using var document = JsonDocument.Parse(stream);
        var file = EntryFile<string>.Open(name, Parse)!;

        Assert.Equal(document.RootElement.EnumerateObject().Select(entry => entry.Name), file.Keys);
        Assert.All(document.RootElement.EnumerateObject(), entry => Assert.Equal(JsonSerializer.Serialize(entry.Value), file.Find(entry.Name)));
    }

    private static string Parse(ref Utf8JsonReader reader)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return JsonSerializer.Serialize(value.RootElement);
    }
}
