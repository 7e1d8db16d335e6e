using System.Text;
using Pillarbox.Reference;

namespace Pillarbox.Server.Tests.Sessions;

/// <summary>HELP with a reply's code: what goes over the wire is English in ASCII, at most 512 octets a line (RFC 5321 §4.5.3.1.5).</summary>
public sealed class HelpTests
{
    [Fact]
    public async Task Help_onEveryCodeOfTheReference_isA214OfShortAsciiLines()
    {
        await using var server = await TestServer.StartAsync(("chatter", "10000"));
        await using var client = await TestClient.ConnectAsync(server.Address);

        foreach (var code in ReplyReference.List())
        {
            await client.SendAsync($"HELP {code.Label}\r\n");
            var lines = await client.ReplyLinesAsync();

            Assert.Equal($"214{(lines.Count == 1 ? ' ' : '-')}2.0.0 {code.Label} ", lines[0][..(11 + code.Label.Length)]);
            Assert.All(lines, line => Assert.True(Ascii.IsValid(line) && !line.Any(char.IsControl) && line.Length <= 510, $"{code.Label}: {line}"));
            Assert.All(lines[..^1], line => Assert.StartsWith("214-2.0.0 ", line, StringComparison.Ordinal));
            Assert.StartsWith("214 2.0.0 ", lines[^1], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("535", "535")]
    [InlineData("5.7.8", "5.7.8")]
    [InlineData("X.7.8", "5.7.8")]
    [InlineData("535 5.7.8", "535 5.7.8")]
    [InlineData("  535   5.7.8 ", "535 5.7.8")]
    [InlineData("599", "599")]
    public async Task Help_onACode_saysWhatTheReferenceDoes(string asked, string found)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await TestClient.ConnectAsync(server.Address);

        await client.SendAsync($"HELP {asked}\r\n");
        var lines = await client.ReplyLinesAsync();

        var explanation = ReplyReference.Find(found)!;
        Assert.Equal(ReplyReference.HelpLines(explanation.Code, explanation.Enhanced), lines.Select(line => line["214-2.0.0 ".Length..]));
    }

    [Theory]
    [InlineData("600")]
    [InlineData("535 nonsense")]
    [InlineData("535 5.7.8 more")]
    [InlineData("5.7")]
    [InlineData("9.9.9")]
    [InlineData("99999999999999999999")]
    public async Task Help_onNoCode_is504(string asked)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await TestClient.ConnectAsync(server.Address);

        Assert.StartsWith("504 5.5.4 ", await client.SayAsync($"HELP {asked}"), StringComparison.Ordinal);
    }
}
