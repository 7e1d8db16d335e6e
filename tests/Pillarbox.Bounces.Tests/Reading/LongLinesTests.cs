using System.Text;
using Pillarbox.Bounces.Reading;

namespace Pillarbox.Bounces.Tests.Reading;

public sealed class LongLinesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a: b\r\n c\r\n\r\nd\n e")]
    public void Short_lines_stay(string text) => Assert.Equal(text, Cut(text));

    [Fact]
    public void Long_line_is_shortened_and_the_next_one_stays()
    {
        var cut = Cut($"a: {new string('b', 100_000)}\nc: d\n");

        Assert.Equal(LongLines.MaxLength, cut.IndexOf('\n', StringComparison.Ordinal));
        Assert.EndsWith("\nc: d\n", cut, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_continue_one_count_as_one()
    {
        var cut = Cut($"a: b\n{string.Concat(Enumerable.Repeat(" c\n", 100_000))}d: e\n");

        Assert.InRange(cut.Length, LongLines.MaxLength, LongLines.MaxLength + 10);
        Assert.EndsWith("\nd: e\n", cut, StringComparison.Ordinal);
    }

    private static string Cut(string text)
    {
        var octets = Encoding.ASCII.GetBytes(text);
        return Encoding.ASCII.GetString(octets, 0, LongLines.Cut(octets));
    }
}
