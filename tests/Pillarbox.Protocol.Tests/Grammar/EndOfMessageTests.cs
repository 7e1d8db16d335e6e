using System.Buffers;
using System.Text;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Protocol.Tests.Grammar;

/// <summary>
/// Every arrangement of CR, LF, dot, NUL and text, up to six octets, around the end of a message, and cut by reads at every octet: the end
/// is where the plain definition has it and nowhere else, and what is kept is what it says.
/// </summary>
public sealed class EndOfMessageTests
{
    private const int Length = 6;

    [Theory]
    [InlineData("", "", false)]
    [InlineData("", "\r\n.\r\n", false)]
    [InlineData("", "\r\n.\r\n", true)]
    [InlineData("a\r\n", ".\r\n", false)]
    [InlineData("a\r\n", ".\r\n", true)]
    [InlineData("a\r\n.", "\r\n.\r\n", false)]
    [InlineData("a\r\n.", "\r\n.\r\n", true)]
    public void Data_everyArrangementCutAnywhere_endsWhereThePlainDefinitionSays(string before, string behind, bool normalize)
    {
        var decoder = new DataDecoder();
        var sink = new ArrayBufferWriter<byte>();
        foreach (var arrangement in Arrangements.UpTo(Length))
        {
            var wire = before + arrangement + behind;
            var end = Arrangements.EndOf(wire);
            var (kept, faults) = end < 0 ? ("", []) : Arrangements.Judge(Arrangements.Unstuff(wire[..end]), normalize);
            var bytes = Encoding.Latin1.GetBytes(wire);
            for (var cut = 0; cut <= bytes.Length; cut++)
            {
                decoder.Reset(normalize, long.MaxValue, int.MaxValue);
                sink.ResetWrittenCount();
                var ended = decoder.Decode(bytes.AsSpan(0, cut), sink, out var consumed);
                if (!ended)
                {
                    ended = decoder.Decode(bytes.AsSpan(cut), sink, out var more);
                    consumed += more;
                }

                var right = ended == end >= 0 && consumed == (ended ? end : bytes.Length)
                    && (!ended || IsAsJudged(decoder.Fault, sink, kept, faults));
                Assert.True(right, $"{Arrangements.Show(wire)} cut at {cut}: {ended}, {consumed} octets, {decoder.Fault}, {Text(sink)}");
            }
        }
    }

    [Theory]
    [InlineData("", "", false)]
    [InlineData("", "", true)]
    [InlineData("a\r\n.\r", "\n.\r\n", false)]
    [InlineData("a\r\n.\r", "\n.\r\n", true)]
    public void Chunks_everyArrangementCutAnywhere_areKeptAsThePlainDefinitionSays(string before, string behind, bool normalize)
    {
        var decoder = new ChunkDecoder();
        var sink = new ArrayBufferWriter<byte>();
        foreach (var arrangement in Arrangements.UpTo(Length))
        {
            var wire = before + arrangement + behind;
            var (kept, faults) = Arrangements.Judge(wire, normalize);
            var bytes = Encoding.Latin1.GetBytes(wire);
            for (var cut = 0; cut <= bytes.Length; cut++)
            {
                decoder.Reset(binary: false, normalize, long.MaxValue, int.MaxValue);
                sink.ResetWrittenCount();
                decoder.Decode(bytes.AsSpan(0, cut), sink);
                decoder.Decode(bytes.AsSpan(cut), sink);
                decoder.End();
                Assert.True(IsAsJudged(decoder.Fault, sink, kept, faults), $"{Arrangements.Show(wire)} cut at {cut}: {decoder.Fault}, {Text(sink)}");
            }
        }
    }

    [Fact]
    public void Chunks_binary_areKeptAsTheyCame()
    {
        var decoder = new ChunkDecoder();
        var sink = new ArrayBufferWriter<byte>();
        foreach (var arrangement in Arrangements.UpTo(4))
        {
            decoder.Reset(binary: true, normalize: true, long.MaxValue, maxLine: 1);
            sink.ResetWrittenCount();
            foreach (var octet in Encoding.Latin1.GetBytes(arrangement))
                decoder.Decode([octet], sink);
            decoder.End();
            Assert.Equal((DataFault.None, Arrangements.Show(arrangement)), (decoder.Fault, Text(sink)));
        }
    }

    [Theory]
    [InlineData(10, DataFault.None)]
    [InlineData(9, DataFault.TooBig)]
    public void Chunks_sizeLimit_countsThemAllTogether(int limit, DataFault expected)
    {
        foreach (var binary in new[] { false, true })
        {
            var decoder = new ChunkDecoder();
            decoder.Reset(binary, normalize: false, limit, maxLine: 100);
            decoder.Decode("12345"u8, new ArrayBufferWriter<byte>());
            decoder.Decode("678\r\n"u8, new ArrayBufferWriter<byte>());
            Assert.Equal(expected, decoder.Fault);
        }
    }

    [Theory]
    [InlineData("12345\r\n12345", DataFault.None)]
    [InlineData("123456", DataFault.LineTooLong)]
    [InlineData("\0\0\0\0\0\0", DataFault.LineTooLong)]
    public void Chunks_lineLimit_countsOverChunks(string text, DataFault expected)
    {
        for (var cut = 0; cut <= text.Length; cut++)
        {
            var decoder = new ChunkDecoder();
            decoder.Reset(binary: false, normalize: false, 100, maxLine: 5);
            decoder.Decode(Encoding.ASCII.GetBytes(text[..cut]), new ArrayBufferWriter<byte>());
            decoder.Decode(Encoding.ASCII.GetBytes(text[cut..]), new ArrayBufferWriter<byte>());
            Assert.Equal(expected, decoder.Fault);
        }
    }

    private static bool IsAsJudged(DataFault fault, ArrayBufferWriter<byte> sink, string? kept, HashSet<DataFault> faults) => kept is null
        ? faults.Contains(fault)
        : fault == DataFault.None && Encoding.Latin1.GetString(sink.WrittenSpan) == kept;

    private static string Text(ArrayBufferWriter<byte> sink) => Arrangements.Show(Encoding.Latin1.GetString(sink.WrittenSpan));
}
