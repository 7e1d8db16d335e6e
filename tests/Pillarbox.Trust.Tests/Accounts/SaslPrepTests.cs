using System.Globalization;
using System.Text;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Trust.Tests.Accounts;

public sealed class SaslPrepTests
{
    // The first five are the examples of RFC 4013 §3.
    [Theory]
    [InlineData("I\u00ADX", "IX")]
    [InlineData("user", "user")]
    [InlineData("USER", "USER")]
    [InlineData("\u00AA", "a")]
    [InlineData("\u2168", "IX")]
    [InlineData("\u0007", null)]
    [InlineData("\u0627\u0031", null)]
    [InlineData("\u0627\u0031\u0628", "\u0627\u0031\u0628")]
    [InlineData("p\u00A0w", "p w")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\uE000", null)]
    [InlineData("\u00AD", null)]
    [InlineData("รหัส", "รหัส")]
    [InlineData("한글", "한글")]
    public void Prepare_text_isMappedOrRefused(string text, string? expected) => Assert.Equal(expected, SaslPrep.Prepare(text));

    // Made with another implementation of Unicode 3.2.
    [Fact]
    public void Compatibility_anyText_isAsAnotherImplementationHasIt()
    {
        var rows = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Accounts", "nfkc.txt"));
        Assert.Equal(300, rows.Length);
        foreach (var row in rows)
        {
            var (text, expected) = (Decode(row.Split(';')[0]), Decode(row.Split(';')[1]));
            Assert.Equal(expected, Compatibility.Compose(text));
        }
    }

    private static string Decode(string hex) =>
        string.Concat(hex.Split(' ').Select(one => new Rune(int.Parse(one, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString()));
}
