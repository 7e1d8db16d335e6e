using System.Buffers;
using System.Text;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Proxy;
using Pillarbox.Protocol.Sasl;
using Pillarbox.Server.Sessions;

namespace Pillarbox.Fuzzing;

/// <summary>What commands are made of, and messages.</summary>
internal static class GrammarTargets
{
    private static readonly byte[][] Tokens =
    [
        .. FuzzTarget.Texts(
            "@", ".", "..", "\"", "\\", "\\\"", "[", "]", "[127.0.0.1]", "[IPv6:::1]", "[IPv6:1:2:3:4:5:6:7.8.9.10]", "[x-y:z]", "xn--", "-", "\u00e4", "\u0e2a\u0e27", "\ud83d\udce8", "+", "+2B", "+3D", "=", "ann", "example.org", " "),
        [0], [13], [10], [13, 10], [0x80], [0xff], [0xed, 0xa0, 0x80],
    ];

    private static readonly byte[][] LineEnds =
        FuzzTarget.Texts("\r\n", "\n", "\r", ".", "\r\n.\r\n", "\n.\n", "\r\n.\n", "\n.\r\n", "\r.\r", "\r\r\n", "\r\n.\r", "\r\n..\r\n", "\n..\r\n", "\0", "Received: x\r\n", "\u00e4");

    private static readonly byte[][] ProxyTokens =
    [
        .. FuzzTarget.Texts("PROXY ", "TCP4 ", "TCP6 ", "UNKNOWN", "127.0.0.1", "::1", "::ffff:1.2.3.4", "65536", "00025", "\r\n", " ", "\r\n\r\n\0\r\nQUIT\n"), [0x20], [0x21, 0x11], [0x21, 0x21], [0x21, 0x31], [0xff, 0xff], [0, 12], [0, 0], [0, 36],
    ];

    private static readonly SaslContext LoginContext = new() { Nonce = () => "0123456789abcdef", Hostname = "mx.example.org", ServerEndPoint = new byte[32] };

    private static readonly Dictionary<string, SaslCredential> Nobody = ScramHash.All.ToDictionary(
        hash => hash.Mechanism, hash => (SaslCredential)(hash.Derive("pencil", new byte[16], 1) with { IsForNobody = true }), StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("mailbox", Address, () => Corpus.Of("mailbox")) { Tokens = Tokens, MaxLength = 1 << 12 },
        new("xtext", Encoded, () => Corpus.Of("xtext")) { Tokens = Tokens, MaxLength = 1 << 12 },
        new("unitext", Escaped, () => Corpus.Of("xtext")) { Tokens = [.. Tokens, .. FuzzTarget.Texts("\\x{", "\\x{E9}", "\\x{2B}", "\\x{5C}", "\\x{1F4E8}", "\\x{D800}", "\\x{0A}", "}")], MaxLength = 1 << 12 },
        new("sasl", Login, () => Corpus.Of("sasl")) { Tokens = [.. Tokens, .. FuzzTarget.Texts("\n", "\u0001", "\u0001\u0001", "n,", "y,", "p=tls-server-end-point,", "a=", "n=", "r=", ",", "c=biws", ",p=", "=2C", "=3D", "auth=Bearer ", "user=", "host=", "port=25")] },
        new("lines", Lines, () => [.. Corpus.Dialogues().Select(lines => lines.SelectMany(line => line).ToArray()), .. Corpus.Of("lines")]) { Tokens = LineEnds },
        new("data", Data, () => Corpus.Of("data")) { Tokens = LineEnds },
        new("chunks", Chunks, () => Corpus.Of("data")) { Tokens = LineEnds },
        new("proxy", Proxy, () => Corpus.Of("proxy")) { Tokens = ProxyTokens, MaxLength = 1 << 13 },
    ];

    /// <summary>What holds of every address.</summary>
    public static void Check(Mailbox mailbox)
    {
        FuzzTarget.Require(Encoding.UTF8.GetByteCount(mailbox.Text) is > 0 and <= 320, "an address of too many octets");
        FuzzTarget.Require(!mailbox.Text.AsSpan().ContainsAny('\r', '\n', '\0') && !mailbox.Text.Any(char.IsControl), "an address with controls");
        FuzzTarget.Require(Mailbox.TryParse(mailbox.Text, out var again) && again.Equals(mailbox) && again.GetHashCode() == mailbox.GetHashCode(), "an address that reads as another");
        FuzzTarget.Require(mailbox.Domain.IsEmpty || $"{mailbox.LocalPart}@{mailbox.Domain}" == mailbox.Text, "an address that is not its parts");
        FuzzTarget.Require(mailbox.UnquotedLocalPart().Length <= mailbox.LocalPart.Length, "a local part that grew");
    }

    private static void Address(byte[] input)
    {
        if (Mailbox.TryParse(input, out var mailbox))
        {
            FuzzTarget.Require(Encoding.UTF8.GetBytes(mailbox.Text).AsSpan().SequenceEqual(input), "an address that was changed");
            Check(mailbox);
        }
    }

    private static void Encoded(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var encoded = Encoding.ASCII.GetBytes(Xtext.Encode(text));
        var decoded = new byte[encoded.Length];
        if (input.Length > 0)
            FuzzTarget.Require(Xtext.TryDecode(encoded, decoded, out var length) && Encoding.UTF8.GetString(decoded.AsSpan(0, length)) == text, "xtext that decodes to something else");
        FuzzTarget.Require(!Xtext.Decode(text).Any(char.IsControl) || !Xtext.IsValid(input), "xtext that shows controls");
        FuzzTarget.Require(!Xtext.TryDecode(input, new byte[4], out var used) || used <= 4, "more than there was room for");
    }

    private static void Escaped(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        FuzzTarget.Require(!Unitext.Decode(text).Any(char.IsControl), "an address that shows controls");
        FuzzTarget.Require(Ascii.IsValid(Unitext.ToAscii(text)), "an address for ASCII that is not");
        FuzzTarget.Require(Unitext.Decode(Unitext.ToAscii(text)) == Unitext.Decode(text) || text.Any(char.IsControl), "an address that depends on its form");
        var encoded = Unitext.Encode(text);
        FuzzTarget.Require(Ascii.IsValid(encoded) && !encoded.AsSpan().ContainsAny(' ', '+', '='), "an address that ORCPT does not bear");
        FuzzTarget.Require(Unitext.Decode(encoded) == text || text.Any(char.IsControl), "an address that decodes to something else");
    }

    // The first line names the mechanism, each other is a response, decoded already.
    private static void Login(byte[] input)
    {
        var lines = Encoding.Latin1.GetString(input).Split('\n').Select(Encoding.Latin1.GetBytes).ToArray();
        if (SaslExchange.Create(lines[0], LoginContext) is not { } exchange)
            return;

        var step = exchange.Begin();
        var rounds = 0;
        for (var at = 1; at < lines.Length && step.Kind == SaslStepKind.Challenge; at++)
        {
            step = exchange.Respond(lines[at]);
            FuzzTarget.Require(++rounds <= 8, "an exchange without an end");
            FuzzTarget.Require(step.Kind != SaslStepKind.Proven, "a proof without a secret");
            CheckParts(step);

            // What an account source and a provider would say: nothing fits.
            if (step.Kind == SaslStepKind.Credential)
                step = exchange.Supply(exchange.Mechanism == "CRAM-MD5" ? new SharedSecret(null) : Nobody[exchange.Mechanism.Replace("-PLUS", "", StringComparison.Ordinal)]);
            else if (step.Kind == SaslStepKind.Token)
                step = exchange.Reject(new TokenRefusal(step.Token.Length == 0, "smtp", "https://id.example.org/.well-known/openid-configuration"));
        }

        if (step.Kind == SaslStepKind.Challenge)
            FuzzTarget.Require(Convert.TryFromBase64String(step.Challenge, new byte[step.Challenge.Length], out _), "a challenge that is no base64");
    }

    private static void CheckParts(SaslStep step)
    {
        FuzzTarget.Require(!$"{step.Name}{step.Password}{step.Token}{step.AuthorizationId}".Contains('\0', StringComparison.Ordinal), "a name or password with NUL");
        FuzzTarget.Require(step.Kind is not (SaslStepKind.Password or SaslStepKind.Credential) || step.Name.Length > 0, "nobody's login");
        FuzzTarget.Require(step.Token.Length == 0 || (step.Kind == SaslStepKind.Token && Ascii.IsValid(step.Token)), "a token that is none");
    }

    // Whatever the segments: the lines are those up to the first CR or LF that is none of a CRLF.
    private static void Lines(byte[] input)
    {
        var (expected, bare) = LinesOf(input);
        var found = new List<byte[]>();
        var buffer = Pieces.Sequence(input);
        LineFault fault;
        while (CrlfLine.TryTake(ref buffer, out var line, out fault) && fault == LineFault.None)
            found.Add(line.ToArray());
        FuzzTarget.Require(found.Count == expected.Count && found.Zip(expected).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), "other lines than there are");
        FuzzTarget.Require(fault == LineFault.BareNewline == bare, "a bare newline that was taken for none, or none for one");
    }

    private static (List<byte[]> Lines, bool Bare) LinesOf(byte[] input)
    {
        var lines = new List<byte[]>();
        var start = 0;
        for (var at = 0; at < input.Length; at++)
        {
            if (input[at] == '\n')
                return (lines, true);
            if (input[at] != '\r')
                continue;
            if (at + 1 == input.Length)
                return (lines, false);
            if (input[at + 1] != '\n')
                return (lines, true);
            lines.Add(input[start..at]);
            start = ++at + 1;
        }

        return (lines, false);
    }

    // Whatever of it has come, it is told what the whole is told, or that more is wanted.
    private static void Proxy(byte[] input)
    {
        var whole = ProxyHeader.Read(input, out var header, out var length);
        FuzzTarget.Require(whole != OperationStatus.Done || (length > 0 && length <= input.Length && length <= ProxyHeader.MaxLength), "a header of other octets than came");
        FuzzTarget.Require(header.Source?.Address is not { IsIPv4MappedToIPv6: true }, "an IPv4 address as IPv6");
        FuzzTarget.Require(whole != OperationStatus.NeedMoreData || input.Length < ProxyHeader.MaxLength, "a header without an end");
        for (var came = 0; came < input.Length; came += 1 + (came / 8))
        {
            var part = ProxyHeader.Read(input.AsSpan(0, came), out var partHeader, out var partLength);
            FuzzTarget.Require(
                part == OperationStatus.NeedMoreData || (part == whole && (whole != OperationStatus.Done || (partHeader == header && partLength == length))), "a header that depends on how it was cut");
        }
    }

    private static void Chunks(byte[] input)
    {
        foreach (var (binary, normalize) in new[] { (false, false), (false, true), (true, false) })
        {
            var whole = Decode([input], binary, normalize);
            var parts = Decode(Pieces.Of(input), binary, normalize);
            FuzzTarget.Require(
                Kind(whole.Fault) == Kind(parts.Fault) && (whole.Fault != DataFault.None || whole.Content.AsSpan().SequenceEqual(parts.Content)),
                $"a message that depends on how it was cut: {whole.Fault} and {parts.Fault}");
            if (whole.Fault == DataFault.None && !normalize)
                FuzzTarget.Require(whole.Content.AsSpan().SequenceEqual(input), "other content than was sent");
            if (whole.Fault == DataFault.None && !binary)
                FuzzTarget.Require(!HasBare(whole.Content, whole: true), "content with a bare newline");
        }
    }

    private static (DataFault Fault, byte[] Content) Decode(IEnumerable<byte[]> pieces, bool binary, bool normalize)
    {
        var decoder = new ChunkDecoder();
        decoder.Reset(binary, normalize, maxSize: 1 << 14, maxLine: 1 << 12);
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in pieces)
            decoder.Decode(piece, output);
        decoder.End();
        return (decoder.Fault, output.WrittenSpan.ToArray());
    }

    private static void Data(byte[] input)
    {
        foreach (var normalize in new[] { false, true })
        {
            var whole = Decode([input], normalize);
            var parts = Decode(Pieces.Of(input), normalize);
            // Where a message is too big and a line of it is at fault, either may be seen first.
            FuzzTarget.Require(
                whole.End == parts.End && Kind(whole.Fault) == Kind(parts.Fault) && (whole.Fault != DataFault.None || whole.Content.AsSpan().SequenceEqual(parts.Content)),
                $"a message that depends on how it was cut: {whole.End} and {parts.End}, {whole.Fault} and {parts.Fault}");
            CheckEnd(input, whole.End);
            if (whole is { End: > 0, Fault: DataFault.None } && !normalize)
                FuzzTarget.Require(whole.Content.AsSpan().SequenceEqual(Unstuffed(input.AsSpan(0, whole.End))), "other content than was sent");
            if (whole.Fault == DataFault.None)
                FuzzTarget.Require(!HasBare(whole.Content, whole.End > 0), "content with a bare newline");
        }
    }

    private static DataFault Kind(DataFault fault) => fault is DataFault.LineTooLong or DataFault.HiddenDot ? DataFault.TooBig : fault;

    private static (int End, DataFault Fault, byte[] Content) Decode(IEnumerable<byte[]> pieces, bool normalize)
    {
        var decoder = new DataDecoder();
        decoder.Reset(normalize, maxSize: 1 << 14, maxLine: 1 << 12);
        var output = new ArrayBufferWriter<byte>();
        var read = 0;
        foreach (var piece in pieces)
        {
            var ended = decoder.Decode(piece, output, out var consumed);
            read += consumed;
            if (ended)
                return (read, decoder.Fault, output.WrittenSpan.ToArray());
            FuzzTarget.Require(consumed == piece.Length, "bytes left over ahead of the end");
        }

        return (0, decoder.Fault, output.WrittenSpan.ToArray());
    }

    // RFC 5321 §4.1.1.4: CRLF.CRLF, the CRLF of DATA being the first one's. A CR ahead of it makes no difference, an LF alone is no line end.
    private static void CheckEnd(byte[] input, int end)
    {
        byte[] behind = [.. "\r\n"u8, .. input];
        var first = behind.AsSpan().IndexOf("\r\n.\r\n"u8);
        FuzzTarget.Require(end == (first < 0 ? 0 : first + 3), "an end where there is none, or none where there is one");
    }

    private static byte[] Unstuffed(ReadOnlySpan<byte> input)
    {
        var content = new List<byte>();
        var rest = input[..^3];
        while (!rest.IsEmpty)
        {
            var line = rest[..(rest.IndexOf("\r\n"u8) + 2)];
            rest = rest[line.Length..];
            content.AddRange(line[0] == '.' ? line[1..] : line);
        }

        return [.. content];
    }

    private static bool HasBare(byte[] content, bool whole)
    {
        for (var at = 0; at < content.Length; at++)
        {
            var cut = !whole && at + 1 == content.Length;
            if ((content[at] == '\n' && (at == 0 || content[at - 1] != '\r')) || (content[at] == '\r' && !cut && (at + 1 == content.Length || content[at + 1] != '\n')))
                return true;
        }

        return false;
    }
}
