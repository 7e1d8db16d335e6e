using System.Text;
using Pillarbox.Server.Sessions;

namespace Pillarbox.Server.Tests.Sessions;

public sealed class TranscriptTests
{
    [Fact]
    public async Task Session_withALogin_isKeptWithoutItsSecrets()
    {
        await using var server = await TestServer.StartAsync(("role", "submission"), ("auth", "optional"), ("insecure-auth", "true"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        Assert.StartsWith("535 ", await client.SayAsync(server.Fill("AUTH PLAIN {WRONG}")), StringComparison.Ordinal);
        await client.SayAsync("AUTH LOGIN");
        await client.SayAsync(server.Fill("{USER}"));
        Assert.StartsWith("235 ", await client.SayAsync(server.Fill("{PASS}")), StringComparison.Ordinal);

        var transcript = Assert.Single(server.Sessions.Recent(10));
        Assert.Equal(transcript.Id, server.Sessions.Find(transcript.Id)!.Id);
        var said = transcript.Lines.Where(line => !line.FromServer).Select(line => line.Text).ToList();
        Assert.Equal(["EHLO client.example", "AUTH PLAIN ****", "AUTH LOGIN", "****", "****"], said);
        Assert.Contains(transcript.Lines, line => line.FromServer && line.Text.StartsWith("235 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AUTH c2VjcmV0", "AUTH ****")]
    [InlineData("AUTH PLAIN\tc2VjcmV0", "AUTH ****")]
    [InlineData("AUTH\tPLAIN\tc2VjcmV0", "****")]
    [InlineData(" AUTH PLAIN c2VjcmV0", "****")]
    [InlineData("auth plain c2VjcmV0", "AUTH PLAIN ****")]
    public async Task Session_withAStraySecret_doesNotKeepIt(string line, string kept)
    {
        await using var server = await TestServer.StartAsync(("role", "submission"), ("auth", "optional"), ("tls", "starttls"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        Assert.StartsWith("5", await client.SayAsync(line), StringComparison.Ordinal);
        Assert.Equal(kept, server.Sessions.Recent(1)[0].Lines.Last(said => !said.FromServer).Text);
    }

    // A script that does not read replies goes on although AUTH was refused.
    [Fact]
    public async Task Session_withSecretsBehindARefusedAuth_doesNotKeepThem()
    {
        await using var server = await TestServer.StartAsync(("role", "submission"), ("auth", "optional"), ("tls", "starttls"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        Assert.StartsWith("538 ", await client.SayAsync("AUTH LOGIN"), StringComparison.Ordinal);
        Assert.StartsWith("500 ", await client.SayAsync("YW5u"), StringComparison.Ordinal);
        Assert.StartsWith("500 ", await client.SayAsync("c2VjcmV0"), StringComparison.Ordinal);
        await client.SayAsync("NOOP");
        await client.SayAsync("NONSENSE");
        var said = server.Sessions.Recent(1)[0].Lines.Where(line => !line.FromServer).Select(line => line.Text);
        Assert.Equal(["EHLO client.example", "AUTH LOGIN", "****", "****", "NOOP", "NONSENSE"], said);
    }

    [Fact]
    public void Buffer_longSession_keepsBeginningAndEndWithinItsBounds()
    {
        var buffer = new TranscriptBuffer(4096);
        for (var i = 0; i < 10_000; i++)
            buffer.Add((uint)i, i % 2 == 0, Encoding.ASCII.GetBytes($"line {i}"));

        var lines = buffer.Read(DateTimeOffset.UnixEpoch);
        Assert.Equal("line 0", lines[0].Text);
        Assert.Equal("line 9999", lines[^1].Text);
        Assert.Contains(lines, line => line.Text.Contains("left out", StringComparison.Ordinal));
        Assert.True(lines.Sum(line => line.Text.Length + 6) <= 4200);
        Assert.True(lines[0].FromServer);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMilliseconds(9999), lines[^1].At);
    }

    [Fact]
    public void Buffer_hugeLine_isCut()
    {
        var buffer = new TranscriptBuffer(1024);
        buffer.Add(0, false, new byte[100_000]);
        Assert.Equal(600, Assert.Single(buffer.Read(DateTimeOffset.UnixEpoch)).Text.Length);
    }
}
