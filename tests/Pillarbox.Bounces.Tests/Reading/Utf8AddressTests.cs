using Pillarbox.Bounces.Reading;

namespace Pillarbox.Bounces.Tests.Reading;

public sealed class Utf8AddressTests
{
    [Theory]
    [InlineData("ann@example.org", "ann@example.org")]
    [InlineData("\\x{E2A}om@example.org", "\u0e2aom@example.org")]
    [InlineData("\\x{1F4E8}@example.org", "\U0001F4E8@example.org")]
    [InlineData("\\x{5C}x{E2A}@example.org", "\\x{E2A}@example.org")]
    public void Escapes_are_undone(string written, string address) => Assert.Equal(address, Utf8Address.Decode(written));

    [Theory]
    [InlineData("\\x{D800}@example.org")]
    [InlineData("\\x{110000}@example.org")]
    [InlineData("\\x{0A}@example.org")]
    [InlineData("\\x{}@example.org")]
    [InlineData("\\x{E2A@example.org")]
    [InlineData("\\x{ E2A}@example.org")]
    [InlineData("\\X{E2A}@example.org")]
    [InlineData("\\")]
    public void What_is_no_escape_stays(string written) => Assert.Equal(written, Utf8Address.Decode(written));
}
