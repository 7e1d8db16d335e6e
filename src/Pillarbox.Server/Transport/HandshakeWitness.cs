using System.Text;

namespace Pillarbox.Server.Transport;

/// <summary>
/// Watches what a client sends as its TLS handshake: bounds it, and says afterwards what it was where it was none. A library's
/// "unexpected packet format" helps nobody who sent HTTP to the wrong port.
/// </summary>
internal sealed class HandshakeWitness
{
    /// <summary>Octets of a handshake at most; a long chain of certificates has a fifth of that.</summary>
    private const int MostOctets = 64 << 10;

    // How a record of TLS begins (RFC 8446 §5.1), where a client begins with it.
    private const byte Alert = 0x15;
    private const byte Handshake = 0x16;

    private static readonly string[] HttpMethods = ["GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "CONNECT ", "DELETE ", "PRI "];

    private readonly byte[] _first = new byte[16];
    private int _kept;
    private long _octets;
    private bool _ended;

    /// <summary>Looks at what has just come.</summary>
    /// <exception cref="InvalidDataException">It is no handshake, for which the library might wait for ever, or more than one may have.</exception>
    public void See(ReadOnlySpan<byte> bytes)
    {
        _ended = bytes.IsEmpty;
        _octets += bytes.Length;
        var more = Math.Min(bytes.Length, _first.Length - _kept);
        bytes[..more].CopyTo(_first.AsSpan(_kept));
        _kept += more;
        if (_octets > MostOctets || (_kept > 0 && _first[0] is not (Handshake or Alert)))
            throw new InvalidDataException();
    }

    /// <summary>Why the handshake failed.</summary>
    /// <param name="exception">What the library says.</param>
    /// <param name="wasCut">Whether the server ended it, because it took too long or the server stops.</param>
    public string Explain(Exception exception, bool wasCut)
    {
        if (_octets > MostOctets)
            return $"the client sent more than {MostOctets >> 10} KiB";
        if (wasCut)
            return _octets == 0 ? "it took too long: the client sent nothing" : $"it took too long: {_octets} octets came, {Guess()}";
        if (_octets == 0)
            return "the client went away before it had sent anything";
        return Guess() switch
        {
            "TLS" when _ended || exception is IOException { InnerException: not null } => $"cut off by the client after {_octets} octets",
            "TLS" => Plain((exception.InnerException ?? exception).Message),
            var other => $"the client sent {other}",
        };
    }

    private string Guess()
    {
        var text = Encoding.Latin1.GetString(_first, 0, _kept);
        return _first[0] switch
        {
            Handshake or Alert => "TLS",
            0x80 when _kept < 3 || _first[2] == 1 => "an SSLv2 hello",
            _ when Array.Exists(HttpMethods, method => text.StartsWith(method, StringComparison.Ordinal)) => "HTTP, not TLS",
            _ when !text.AsSpan().ContainsAnyExceptInRange('\t', '~') => "plain text, not TLS",
            _ => "no TLS",
        };
    }

    private static string Plain(string message) => string.Concat(message.Take(200).Select(c => c is >= ' ' and < '\x7f' ? c : ' '));
}
