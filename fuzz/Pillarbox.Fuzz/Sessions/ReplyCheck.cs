using System.Text;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Fuzzing.Sessions;

/// <summary>
/// Reads what a server says, octet by octet, and holds it to its form: CRLF, 512 octets, printable ASCII, three digits, one code a reply, and
/// an enhanced status of the code's class wherever one belongs.
/// </summary>
internal sealed class ReplyCheck
{
    private const int MaxLine = 512;

    private readonly string _hostname;
    private readonly StringBuilder _line = new();
    private string? _code;
    private bool _ended;

    /// <param name="hostname">The server's name, with which the greeting and the reply to EHLO begin.</param>
    /// <param name="isTls">Whether TLS comes first.</param>
    public ReplyCheck(string hostname, bool isTls = false) => (_hostname, IsTls) = (hostname, isTls);

    /// <summary>Whether the server may close without a greeting.</summary>
    public bool MayBeCut { get; init; }

    /// <summary>The replies so far, their last lines; names of messages are left out of them.</summary>
    public List<string> Replies { get; } = [];

    /// <summary>The messages that the server says it has queued.</summary>
    public HashSet<string> Queued { get; } = [];

    /// <summary>Whether what follows is TLS.</summary>
    public bool IsTls { get; private set; }

    /// <summary>Takes what came.</summary>
    public void Take(ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
        {
            if (IsTls)
                return;
            FuzzTarget.Require(_line.Length < MaxLine, "a line of more than 512 octets");
            FuzzTarget.Require(octet is (>= 32 and < 127) or 13 or 10, $"octet {octet} in a reply");
            _line.Append((char)octet);
            if (octet != '\n')
                continue;
            Check(_line.ToString());
            _line.Clear();
        }
    }

    /// <summary>The server has closed.</summary>
    public void End()
    {
        FuzzTarget.Require(IsTls || (_line.Length == 0 && _code is null), $"closed within a reply: {_line}");
        FuzzTarget.Require(IsTls || MayBeCut || Replies.Count > 0, "closed without a word");
    }

    private void Check(string line)
    {
        FuzzTarget.Require(line.IndexOf('\r', StringComparison.Ordinal) == line.Length - 2, $"a line end that is none: {line}");
        FuzzTarget.Require(!_ended, $"a reply behind the last: {line}");
        var code = line[..3];
        FuzzTarget.Require(line.Length > 5 && code[0] is >= '2' and <= '5' && code.All(char.IsAsciiDigit) && line[3] is ' ' or '-', $"no reply: {line}");
        FuzzTarget.Require(_code is null || _code == code, $"{_code} and {code} in one reply");
        CheckStatus(code, line[4..^2]);
        _code = line[3] == '-' ? code : null;
        if (_code is null)
            Note(code, line[4..^2]);
    }

    // RFC 2034 §4: none in the greeting and what answers HELO and EHLO, nor in 3yz.
    private void CheckStatus(string code, string text)
    {
        var expected = !(code[0] == '3' || IsGreeting(code, text) || IsHello(code, text));
        var found = EnhancedStatus.TryParse(text, out var status, out _);
        FuzzTarget.Require(expected ? found && status.Class == code[0] - '0' : !found, $"an enhanced status missing, of another class, or out of place: {code} {text}");
    }

    private bool _hello;

    // XCLIENT is answered by another greeting.
    private bool IsGreeting(string code, string text) => code == "220" && text.StartsWith(_hostname, StringComparison.Ordinal);

    private bool IsHello(string code, string text)
    {
        _hello = code == "250" && (_code is null ? text.StartsWith(_hostname, StringComparison.Ordinal) : _hello);
        return _hello;
    }

    private void Note(string code, string text)
    {
        const string queued = "queued as ";
        var at = text.IndexOf(queued, StringComparison.Ordinal);
        if (at >= 0)
        {
            Queued.Add(text[(at + queued.Length)..].Split(' ', '.')[0]);
            text = text[..at];
        }

        IsTls = code == "220" && !IsGreeting(code, text);
        _ended = code is "221" or "421";
        Replies.Add($"{code} {text}");
    }
}
