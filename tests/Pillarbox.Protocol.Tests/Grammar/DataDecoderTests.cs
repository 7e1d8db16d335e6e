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
}
