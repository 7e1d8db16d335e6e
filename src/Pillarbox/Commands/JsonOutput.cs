using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pillarbox.Commands;

/// <summary>Prints JSON documents: for programs, so whole and indented the same way everywhere.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prints what <paramref name="write"/> writes. Writers by hand: reflection would cost a command its quick start.</summary>
    public static void Print(Action<Utf8JsonWriter> write)
    {
        using var output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, Options))
            write(writer);
        output.Write("\n"u8);
    }
}
