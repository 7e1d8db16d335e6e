using System.Buffers;
using System.Text;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Protocol.Tests.Grammar;

public sealed class DataDecoderTests
{
    [Theory]
    [InlineData(".\r\n", "")]
    [InlineData("\r\n.\r\n", "\r\n")]
    [InlineData("a\r\n.\r\n", "a\r\n")]
    [InlineData("..\r\n.\r\n", ".\r\n")]
    [InlineData("...\r\n.\r\n", "..\r\n")]
    [InlineData(".a\r\n.\r\n", "a\r\n")]
    [InlineData("a..b\r\n.c.\r\n.\r\n", "a..b\r\nc.\r\n")]
    [InlineData("a\r\n\r\n\r\n.\r\n", "a\r\n\r\n\r\n")]
    public void Decode_wholeMessage_sameHoweverReadsCutIt(string wire, string expected)
    {
        foreach (var cut in Enumerable.Range(0, wire.Length + 1))
        {
            var (ended, text, fault, _) = Run(wire, cut, normalize: false);
            Assert.True(ended, $"cut at {cut}");
            Assert.Equal(DataFault.None, fault);
            Assert.Equal(expected, text);
        }
    }

    // Every arrangement of the characters that matter, up to 7 long: the end is found where a plain search for CRLF.CRLF finds it,
    // and nowhere else; a bare CR or LF is always a fault.
    [Fact]
    public void Decode_everyArrangementOfCrLfDotAndText_agreesWithThePlainDefinition()
    {
        const string Alphabet = "\r\n.x";
        for (var length = 1; length <= 7; length++)
        {
            for (var n = 0; n < (int)Math.Pow(Alphabet.Length, length); n++)
            {
                var wire = string.Create(length, n, static (span, value) =>
                {
                    for (var i = 0; i < span.Length; i++, value /= Alphabet.Length)
                        span[i] = Alphabet[value % Alphabet.Length];
                });

                var end = ("\r\n" + wire).IndexOf("\r\n.\r\n", StringComparison.Ordinal);
                foreach (var cut in new[] { 0, 1, length / 2, length })
                {
                    var (ended, text, fault, consumed) = Run(wire, cut, normalize: false);
                    Assert.Equal(end >= 0, ended);
                    if (!ended)
                        continue;

                    Assert.Equal(end + 3, consumed);
                    var content = wire[..end];
                    Assert.Equal(HasBareNewline(content) ? DataFault.BareNewline : DataFault.None, fault);
                    if (fault == DataFault.None)
                        Assert.Equal(Unstuff(content), text);
                }
            }
        }
    }

    [Fact]
    public void Decode_normalize_bareLfBecomesCrlfAndEndsNothing()
    {
        var (ended, text, fault, _) = Run("a\nb\n.\nc\n.\r\n..d\r\n.\r\n", 3, normalize: true);
        Assert.True(ended);
        Assert.Equal(DataFault.None, fault);
        Assert.Equal("a\r\nb\r\n.\r\nc\r\n.\r\n.d\r\n", text);
    }

    [Fact]
    public void Decode_normalize_bareCrIsStillAFault() =>
        Assert.Equal(DataFault.BareNewline, Run("a\rb\r\n.\r\n", 0, normalize: true).Fault);

    [Theory]
    [InlineData(10, DataFault.None)]
    [InlineData(9, DataFault.TooBig)]
    public void Decode_sizeLimit_exactlyTheLimitIsAllowed(int limit, DataFault expected)
    {
        var decoder = new DataDecoder();
        decoder.Reset(false, limit, 1000);
        Assert.True(decoder.Decode("12345678\r\n.\r\n"u8, new ArrayBufferWriter<byte>(), out _));
        Assert.Equal(expected, decoder.Fault);
    }

    [Theory]
    [InlineData("12345\r\n12345\r\n.\r\n", DataFault.None)]
    [InlineData("123456\r\n.\r\n", DataFault.LineTooLong)]
    [InlineData("a\r\n123456\r\n.\r\n", DataFault.LineTooLong)]
    public void Decode_lineLimit_countsWithoutCrlf(string wire, DataFault expected)
    {
        foreach (var cut in Enumerable.Range(0, wire.Length))
        {
            var decoder = new DataDecoder();
            decoder.Reset(false, 1000, 5);
            var sink = new ArrayBufferWriter<byte>();
            Assert.False(decoder.Decode(Encoding.Latin1.GetBytes(wire[..cut]), sink, out _));
            Assert.True(decoder.Decode(Encoding.Latin1.GetBytes(wire[cut..]), sink, out _));
            Assert.Equal(expected, decoder.Fault);
        }
    }

    [Fact]
    public void Scanner_headerAndBody_notesWhatMatters()
    {
        var decoder = new DataDecoder();
        decoder.Reset(false, 10_000, 1000);
        var wire = Encoding.Latin1.GetBytes("Received: a\r\nRECEIVED: b\r\n folded: date:\r\nDate: x\r\nmessage-id: y\r\nSubject: \u00e9\r\n\r\nReceived: no\r\n\u00e9\r\n.\r\n");
        foreach (var octet in wire)
            decoder.Decode([octet], new ArrayBufferWriter<byte>(), out _);

        Assert.Equal(2, decoder.Scanner.ReceivedCount);
        Assert.True(decoder.Scanner.HasDate);
        Assert.True(decoder.Scanner.HasMessageId);
        Assert.True(decoder.Scanner.EightBitHeader);
        Assert.True(decoder.Scanner.EightBitBody);
        Assert.False(decoder.Scanner.StartsWithSpace);
    }

    private static (bool Ended, string Text, DataFault Fault, int Consumed) Run(string wire, int cut, bool normalize)
    {
        var decoder = new DataDecoder();
        decoder.Reset(normalize, long.MaxValue, int.MaxValue);
        var sink = new ArrayBufferWriter<byte>();
        var bytes = Encoding.Latin1.GetBytes(wire);
        var ended = decoder.Decode(bytes.AsSpan(0, cut), sink, out var consumed);
        if (!ended)
        {
            ended = decoder.Decode(bytes.AsSpan(cut), sink, out var more);
            consumed += more;
        }

        return (ended, Encoding.Latin1.GetString(sink.WrittenSpan), decoder.Fault, consumed);
    }

    private static bool HasBareNewline(string content) =>
        content.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().IndexOfAny('\r', '\n') >= 0;

    private static string Unstuff(string content) =>
        string.Concat(content.Split("\r\n").Select((line, i) => (i > 0 ? "\r\n" : "") + (line.StartsWith('.') ? line[1..] : line)));
}
