using System.Buffers;
using System.Text;
using Pillarbox.Protocol.Proxy;

namespace Pillarbox.Protocol.Tests.Proxy;

public sealed class ProxyHeaderTests
{
    private const string Signature = "0d0a0d0a000d0a515549540a";

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324 25\r\n", "192.0.2.7:56324")]
    [InlineData("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535")]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 56324 25\r\n", "[2001:db8::7]:56324")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.7 ::ffff:198.51.100.1 0 25\r\n", "192.0.2.7:0")]
    [InlineData("PROXY UNKNOWN\r\n", "")]
    [InlineData("PROXY UNKNOWN 192.0.2.7 whatever\r\n", "")]
    public void Line_wellFormed_isReadAndNoMore(string line, string source)
    {
        var bytes = Encoding.ASCII.GetBytes(line + "EHLO x\r\n");
        Assert.Equal(OperationStatus.Done, ProxyHeader.Read(bytes, out var header, out var length));
        Assert.Equal(line.Length, length);
        Assert.Equal(source, header.Source?.ToString() ?? "");
        for (var i = 0; i < line.Length; i++)
            Assert.Equal(OperationStatus.NeedMoreData, ProxyHeader.Read(bytes.AsSpan(0, i), out _, out _));
    }

    [Theory]
    [InlineData("EHLO client.example\r\n")]
    [InlineData("proxy TCP4 192.0.2.7 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY\r\n")]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY TCP5 192.0.2.7 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324 25 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.7  198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.007 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.256 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 65536 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 -1 25\r\n")]
    [InlineData("PROXY TCP4 2001:db8::7 2001:db8::1 56324 25\r\n")]
    [InlineData("PROXY TCP6 192.0.2.7 198.51.100.1 56324 25\r\n")]
    [InlineData("PROXY TCP6 fe80::1%1 2001:db8::1 56324 25\r\n")]
    [InlineData("PROXY TCP6 [2001:db8::7] 2001:db8::1 56324 25\r\n")]
    [InlineData("PROXY UNKNOWN 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\r\n")]
    public void Line_malformed_isNone(string line) =>
        Assert.Equal(OperationStatus.InvalidData, ProxyHeader.Read(Encoding.ASCII.GetBytes(line), out _, out _));

    [Theory]
    [InlineData("2111000cc0000207c6336401dc040019", "192.0.2.7:56324")]
    [InlineData("2111000fc0000207c6336401dc040019040000", "192.0.2.7:56324")]
    [InlineData("2121002420010db800000000000000000000000720010db8000000000000000000000001dc040019", "[2001:db8::7]:56324")]
    [InlineData("2121002400000000000000000000ffffc000020700000000000000000000ffffc6336401dc040019", "192.0.2.7:56324")]
    [InlineData("21000000", "")]
    [InlineData("2000000401020304", "")]
    [InlineData("2011000cc0000207c6336401dc040019", "")]
    public void Binary_wellFormed_isReadAndNoMore(string hex, string source)
    {
        var whole = Convert.FromHexString(Signature + hex);
        Assert.Equal(OperationStatus.Done, ProxyHeader.Read([.. whole, .. "EHLO x\r\n"u8], out var header, out var length));
        Assert.Equal(whole.Length, length);
        Assert.Equal(source, header.Source?.ToString() ?? "");
        for (var i = 0; i < whole.Length; i++)
            Assert.Equal(OperationStatus.NeedMoreData, ProxyHeader.Read(whole.AsSpan(0, i), out _, out _));
    }

    [Theory]
    [InlineData("1111000cc0000207c6336401dc040019")] // version 1 in binary
    [InlineData("2211000cc0000207c6336401dc040019")] // a command that there is not
    [InlineData("2112000cc0000207c6336401dc040019")] // UDP
    [InlineData("2111000bc0000207c6336401dc0400")] // too short for its addresses
    [InlineData("2121000cc0000207c6336401dc040019")]
    [InlineData("21110fffc0000207c6336401dc040019")] // longer than anybody needs
    [InlineData("2131000cc0000207c6336401dc040019")]
    public void Binary_malformed_isNone(string hex) =>
        Assert.Equal(OperationStatus.InvalidData, ProxyHeader.Read(Convert.FromHexString(Signature + hex), out _, out _));
}
