using System.Text;

namespace Pillarbox.Trust.Accounts.Dovecot;

/// <summary>
/// A line of Dovecot's authentication protocol (its design document "Authentication Protocol", version 1): fields that tabs part, in which
/// tab, line feed and the escape itself stand escaped by an octet 1.
/// </summary>
internal static class DovecotLine
{
    private const char Escape = '\u0001';

    /// <summary>Writes a field of a line.</summary>
    public static string Escaped(string field)
    {
        var text = new StringBuilder(field.Length);
        foreach (var each in field)
        {
            _ = each switch
            {
                '\0' => text.Append(Escape).Append('0'),
                Escape => text.Append(Escape).Append('1'),
                '\t' => text.Append(Escape).Append('t'),
                '\n' => text.Append(Escape).Append('n'),
                '\r' => text.Append(Escape).Append('r'),
                _ => text.Append(each),
            };
        }

        return text.ToString();
    }

    /// <summary>The fields of a line.</summary>
    public static string[] Split(string line) => [.. line.Split('\t').Select(Unescaped)];

    private static string Unescaped(string field)
    {
        if (!field.Contains(Escape, StringComparison.Ordinal))
            return field;
        var text = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            text.Append(field[i] != Escape || i + 1 == field.Length ? field[i] : field[++i] switch
            {
                '0' => '\0',
                '1' => Escape,
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                var other => other,
            });
        }

        return text.ToString();
    }
}
