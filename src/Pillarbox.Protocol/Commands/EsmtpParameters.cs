namespace Pillarbox.Protocol.Commands;

/// <summary>Walks over <c>KEYWORD[=VALUE]</c>, parted by spaces (RFC 5321 §4.1.2, esmtp-param).</summary>
internal ref struct EsmtpParameters(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>The keyword that <see cref="MoveNext"/> found.</summary>
    public ReadOnlySpan<byte> Keyword { get; private set; }

    /// <summary>Its value; empty where it has none.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether there was an equals sign.</summary>
    public bool HasValue { get; private set; }

    /// <summary>Whether a parameter was not one, after <see cref="MoveNext"/> returned false.</summary>
    public bool Malformed { get; private set; }

    /// <summary>Goes to the next parameter.</summary>
    public bool MoveNext()
    {
        _rest = _rest.TrimStart((byte)' ');
        if (_rest.IsEmpty)
            return false;

        var end = _rest.IndexOf((byte)' ');
        var parameter = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[end..];

        var equals = parameter.IndexOf((byte)'=');
        Keyword = equals < 0 ? parameter : parameter[..equals];
        Value = equals < 0 ? default : parameter[(equals + 1)..];
        HasValue = equals >= 0;
        Malformed = !IsKeyword(Keyword) || (HasValue && !IsValue(Value));
        return !Malformed;
    }

    private static bool IsKeyword(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetterOrDigit((char)text[0]))
            return false;
        foreach (var b in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b != (byte)'-')
                return false;
        }

        return true;
    }

    // RFC 5321: any character but "=", SP and the controls; RFC 6531 §3.3 adds UTF-8.
    private static bool IsValue(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && !text.ContainsAnyInRange((byte)0, (byte)' ') && text.IndexOfAny((byte)'=', (byte)0x7f) < 0;
}
