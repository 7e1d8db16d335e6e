using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pillarbox.Reference;

/// <summary>JSON as text, with letters of every script as they are.</summary>
internal static class JsonText
{
    /// <summary>What is written, as a document.</summary>
    public static string Of(Action<Utf8JsonWriter> write, bool indented)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
