using System.Text;

namespace Pillarbox.Fuzzing;

/// <summary>Makes inputs out of others: the same ones for the same seed.</summary>
/// <param name="seeds">Inputs to begin with.</param>
/// <param name="seed">Where the random numbers start.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, int seed)
{
    /// <summary>Octets that an input has at most.</summary>
    public const int MaxLength = 1 << 20;

    private const int MaxSteps = 8;
    private const int MaxRepeats = 2000;

    // What the formats treat as special, and what readers have stumbled over.
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\r\n", "\r\n\r\n", "\n", "\r", "\0", "--", "--\r\n", "=", "=\r\n", "=?utf-8?B?", "=?iso-2022-jp?Q?", "?=", "<", ">", "<<<", ">>>", "@", "..", ";", ":", "\"", "\\", "(", ")", "((((", "+3D", "\\x{110A1}", "\\x{", "}",
            "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n", "Content-Type: message/delivery-status\r\n\r\n", "Content-Type: message/rfc822\r\n\r\n", "Content-Type: text/html; charset=utf-7\r\n\r\n",
            "Content-Transfer-Encoding: base64\r\n", "Content-Transfer-Encoding: x-uuencode\r\n", "charset=\"", "Final-Recipient: rfc822; a@b.example\r\n", "Action: failed\r\nStatus: 5.1.1\r\n\r\n", "Diagnostic-Code: smtp; ",
            "X-Failed-Recipients: a@b.example\r\n", "From: MAILER-DAEMON\r\n", "Return-Path: <>\r\n", "550 5.1.1 ", "550-5.7.1 ", "4.2.2", "999999999999999999999", " -> ", "\t", "&#x110000;", "<!--", "<script>", "\u0e1c\u0e39\u0e49", "\ud83d\udce8", "\ufeff", "\u202e",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xfe, 0xff], [0x80], [0x1b, (byte)'$', (byte)'B'], [0xc3], [0xed, 0xa0, 0x80],
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        var input = Pick(seeds);
        for (var steps = _random.Next(1, MaxSteps); steps > 0; steps--)
            input = Mutate(input);
        return input.Length <= MaxLength ? input : input[..MaxLength];
    }

    private byte[] Mutate(byte[] input)
    {
        var (start, end) = Range(input.Length);
        return _random.Next(6) switch
        {
            0 => Flipped(input),
            1 => [.. input[..start], .. input[end..]],
            2 => Spliced(input, start),
            3 => Repeated(input, start, end),
            4 => [.. input[..start], .. Pick(Tokens), .. input[start..]],
            _ => [.. input[..start], .. Pick(Tokens), .. input[end..]],
        };
    }

    private byte[] Flipped(byte[] input)
    {
        var flipped = (byte[])input.Clone();
        for (var times = _random.Next(1, 16); times > 0 && flipped.Length > 0; times--)
            flipped[_random.Next(flipped.Length)] ^= (byte)(1 << _random.Next(8));
        return flipped;
    }

    private byte[] Spliced(byte[] input, int at)
    {
        var other = Pick(seeds);
        var (start, end) = Range(other.Length);
        return [.. input[..at], .. other[start..end], .. input[at..]];
    }

    private byte[] Repeated(byte[] input, int start, int end)
    {
        var length = Math.Max(1, end - start);
        var times = Math.Min(_random.Next(1, MaxRepeats), (MaxLength - Math.Min(MaxLength, input.Length)) / length);
        var repeated = new List<byte>(input.Length + (times * length));
        repeated.AddRange(input[..end]);
        for (; times > 0; times--)
            repeated.AddRange(input[start..end]);
        repeated.AddRange(input[end..]);
        return [.. repeated];
    }

    // Short ranges far more often than long ones, and those of whole lines as often as any.
    private (int Start, int End) Range(int length)
    {
        var start = _random.Next(length + 1);
        var end = Math.Min(length, start + _random.Next(1 << _random.Next(1, 12)));
        return (start, end);
    }

    private T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];
}
