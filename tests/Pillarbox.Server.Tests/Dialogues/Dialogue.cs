using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pillarbox.Server.Tests.Dialogues;

/// <summary>A session as a file has it; see tests/Dialogues/README.md.</summary>
internal sealed partial class Dialogue
{
    private Dialogue(string name, IReadOnlyList<(string Key, string Value)> settings, IReadOnlyList<Line> lines)
    {
        Name = name;
        Settings = settings;
        Lines = lines;
    }

    public string Name { get; }

    public IReadOnlyList<(string Key, string Value)> Settings { get; }

    public IReadOnlyList<Line> Lines { get; }

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Dialogues");

    public static IEnumerable<string> Names() => Directory.GetFiles(Folder, "*.smtp").Select(Path.GetFileNameWithoutExtension).Order()!;

    public static Dialogue Load(string name)
    {
        var settings = new List<(string, string)>();
        var lines = new List<Line>();
        foreach (var (text, number) in File.ReadAllLines(Path.Combine(Folder, name + ".smtp")).Select((text, i) => (text, i + 1)))
        {
            if (text.Length == 0 || text[0] == '#')
                continue;
            if (text[0] == '@')
                settings.Add(text[2..].Split(' ', 2) is [var key, var value] ? (key, value) : throw new FormatException($"{name}:{number}"));
            else
                lines.Add(new Line(number, text[..2], text.Length > 3 ? text[3..] : ""));
        }

        return new Dialogue(name, settings, lines);
    }

    public static byte[] Unescape(string text)
    {
        text = Repeat().Replace(text, match =>
            string.Concat(Enumerable.Repeat(match.Groups[2].Value, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))));
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
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
                bytes.Add(escape switch { 'r' => 13, 'n' => 10, 't' => 9, '0' => 0, '\\' => 92, _ => throw new FormatException($"\\{escape}") });
            }
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"\\\*(\d+)\(([^)]*)\)")]
    private static partial Regex Repeat();

    /// <summary>A line: who speaks, and what.</summary>
    internal sealed record Line(int Number, string Kind, string Text);
}
