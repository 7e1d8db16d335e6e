using System.Globalization;
using System.Text;

namespace Pillarbox.Fuzzing;

/// <summary>
/// Inputs that are kept: <c>fuzz/corpus/NAME.txt</c> has one a line, in the notation of the dialogues (<c>\r \n \t \0 \\ \xNN</c>); lines that
/// begin with <c>#</c> are comments. What once was a fault goes in there.
/// </summary>
internal static class Corpus
{
    /// <summary>The kept inputs of a target.</summary>
    public static List<byte[]> Of(string name)
    {
        var file = Path.Combine(Seeds.Repository(), "fuzz", "corpus", name + ".txt");
        return [.. File.ReadAllLines(file).Where(line => line.Length > 0 && line[0] != '#').Select(Unescape)];
    }

    /// <summary>What clients say in the dialogues, line by line.</summary>
    public static List<byte[]> ClientLines() => [.. Dialogues().SelectMany(lines => lines).Select(line => line.AsSpan().TrimEnd("\r\n"u8).ToArray()).DistinctBy(Convert.ToBase64String)];

    /// <summary>What stands behind a verb in the dialogues.</summary>
    public static IEnumerable<byte[]> Arguments(string verb) => ClientLines()
        .Where(line => Encoding.Latin1.GetString(line).StartsWith(verb + " ", StringComparison.OrdinalIgnoreCase)).Select(line => line[(verb.Length + 1)..]);

    /// <summary>What clients say in the dialogues: each a list of writes.</summary>
    public static IEnumerable<List<byte[]>> Dialogues()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Seeds.Repository(), "tests", "Dialogues"), "*.smtp").Order(StringComparer.Ordinal))
        {
            var lines = new List<byte[]>();
            foreach (var line in File.ReadLines(file))
            {
                if (line.StartsWith("C:", StringComparison.Ordinal))
                    lines.Add([.. Encoding.UTF8.GetBytes(Fill(line.Length > 3 ? line[3..] : "")), .. "\r\n"u8]);
                else if (line.StartsWith("R:", StringComparison.Ordinal))
                    lines.Add(Unescape(line.Length > 3 ? line[3..] : ""));
            }

            yield return lines;
        }
    }

    /// <summary>Reads the notation of the dialogues. <c>\*N(text)</c> is read as one time: the mutator repeats by itself.</summary>
    public static byte[] Unescape(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                // A character outside the basic plane is two here.
                var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(i, length)));
                i += length - 1;
                continue;
            }

            var escape = text[++i];
            if (escape == 'x')
            {
                bytes.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                bytes.Add(escape switch { 'r' => 13, 'n' => 10, 't' => 9, '0' => 0, _ => (byte)escape });
            }
        }

        return [.. bytes];
    }

    /// <summary>Writes the notation.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var octet in bytes)
        {
            text.Append(octet switch
            {
                13 => "\\r",
                10 => "\\n",
                9 => "\\t",
                0 => "\\0",
                92 => "\\\\",
                >= 32 and < 127 => ((char)octet).ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\x{octet:x2}"),
            });
        }

        return text.ToString();
    }

    // The account of the session target.
    private static string Fill(string text) => text
        .Replace("{PLAIN}", Base64("\0ann\0secret"), StringComparison.Ordinal).Replace("{WRONG}", Base64("\0ann\0wrong"), StringComparison.Ordinal)
        .Replace("{USER}", Base64("ann"), StringComparison.Ordinal).Replace("{PASS}", Base64("secret"), StringComparison.Ordinal);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
