using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace Pillarbox.Trust.Accounts.Ldap;

/// <summary>Reads a filter as people write it (RFC 4515) and writes it as the protocol has it (RFC 4511 §4.5.1.7).</summary>
internal ref struct LdapFilter
{
    // What an operator writes is not deep; what is, would take the stack.
    private const int MaxDepth = 20;

    private readonly ReadOnlySpan<char> _text;
    private readonly AsnWriter _writer;
    private int _at;
    private int _depth;

    private LdapFilter(ReadOnlySpan<char> text, AsnWriter writer)
    {
        _text = text;
        _writer = writer;
    }

    /// <summary>Whether a text is a filter.</summary>
    public static bool IsFilter(string text)
    {
        try
        {
            Write(text, new AsnWriter(AsnEncodingRules.BER));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Writes a filter.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static void Write(string text, AsnWriter writer)
    {
        var filter = new LdapFilter(text, writer);
        filter.WriteFilter();
        if (filter._at != text.Length)
            throw new FormatException($"something stands behind the filter, at {filter._at}");
    }

    private void WriteFilter()
    {
        if (++_depth > MaxDepth)
            throw new FormatException("the filter is too deep");
        Take('(');
        switch (Peek())
        {
            case '&' or '|':
                var tag = _text[_at++] == '&' ? 0 : 1;
                using (_writer.PushSetOf(Context(tag, isConstructed: true)))
                {
                    while (Peek() == '(')
                        WriteFilter();
                }

                break;
            case '!':
                _at++;
                using (_writer.PushSequence(Context(2, isConstructed: true)))
                    WriteFilter();
                break;
            default:
                WriteItem();
                break;
        }

        Take(')');
        _depth--;
    }

    private void WriteItem()
    {
        var end = _text[_at..].IndexOfAny('=', '(', ')') is >= 0 and var length && _text[_at + length] == '=' ? _at + length : throw new FormatException($"an attribute and = are missing, at {_at}");
        var (kind, left) = _text[end - 1] switch
        {
            _ when end == _at => throw new FormatException($"an attribute is missing, at {_at}"),
            '~' => (8, end - 1),
            '>' => (5, end - 1),
            '<' => (6, end - 1),
            ':' => (9, end - 1),
            _ => (3, end),
        };
        var attribute = _text[_at..left].ToString();
        if (attribute.Length == 0 || !attribute.All(each => char.IsAsciiLetterOrDigit(each) || each is '-' or ';' or '.' or ':' or '_') || (kind != 9 && attribute.Contains(':', StringComparison.Ordinal)))
            throw new FormatException($"\"{attribute}\" is no attribute");
        _at = end + 1;
        var close = _text[_at..].IndexOf(')') is >= 0 and var count ? _at + count : throw new FormatException("a ) is missing");
        var value = _text[_at..close].ToString();
        _at = close;
        if (value.Contains('(', StringComparison.Ordinal))
            throw new FormatException("a ( stands in a value; write \\28");
        WriteItem(kind, attribute, value);
    }

    private readonly void WriteItem(int kind, string attribute, string value)
    {
        if (kind == 3 && value == "*")
            _writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute), Context(7));
        else if (kind == 3 && value.Contains('*', StringComparison.Ordinal))
            WriteSubstrings(attribute, value.Split('*'));
        else if (kind == 9)
            WriteExtensible(attribute.Split(':'), value);
        else
        {
            using (_writer.PushSequence(Context(kind, isConstructed: true)))
            {
                _writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute));
                _writer.WriteOctetString(Value(value));
            }
        }
    }

    private readonly void WriteSubstrings(string attribute, string[] parts)
    {
        using (_writer.PushSequence(Context(4, isConstructed: true)))
        {
            _writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute));
            using (_writer.PushSequence())
            {
                for (var i = 0; i < parts.Length; i++)
                {
                    if (parts[i].Length > 0)
                        _writer.WriteOctetString(Value(parts[i]), Context(i == 0 ? 0 : i == parts.Length - 1 ? 2 : 1));
                }
            }
        }
    }

    // attribute[:dn][:rule]:=value
    private readonly void WriteExtensible(string[] parts, string value)
    {
        var isDn = parts.Skip(1).Contains("dn");
        var rule = parts.Skip(1).FirstOrDefault(part => part != "dn");
        using (_writer.PushSequence(Context(9, isConstructed: true)))
        {
            if (rule is not null)
                _writer.WriteOctetString(Encoding.UTF8.GetBytes(rule), Context(1));
            if (parts[0].Length > 0)
                _writer.WriteOctetString(Encoding.UTF8.GetBytes(parts[0]), Context(2));
            _writer.WriteOctetString(Value(value), Context(3));
            if (isDn)
                _writer.WriteBoolean(true, Context(4));
        }
    }

    private static byte[] Value(string text)
    {
        var octets = new List<byte>(text.Length);
        var escape = text.IndexOf('\\', StringComparison.Ordinal);
        var at = 0;
        while (escape >= 0)
        {
            octets.AddRange(Encoding.UTF8.GetBytes(text[at..escape]));
            if (escape + 3 > text.Length || !byte.TryParse(text.AsSpan(escape + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
                throw new FormatException("a \\ is not followed by two hexadecimal digits");
            octets.Add(octet);
            at = escape + 3;
            escape = text.IndexOf('\\', at);
        }

        octets.AddRange(Encoding.UTF8.GetBytes(text[at..]));
        return [.. octets];
    }

    private readonly char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private void Take(char expected)
    {
        if (Peek() != expected)
            throw new FormatException($"a {expected} is missing, at {_at}");
        _at++;
    }

    private static Asn1Tag Context(int number, bool isConstructed = false) => new(TagClass.ContextSpecific, number, isConstructed);
}
