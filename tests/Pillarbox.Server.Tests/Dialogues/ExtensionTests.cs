using System.Text.RegularExpressions;

namespace Pillarbox.Server.Tests.Dialogues;

/// <summary>The table of tests/Dialogues/README.md: each extension has a dialogue, and each dialogue that is named is there.</summary>
public sealed partial class ExtensionTests
{
    [Fact]
    public void Table_namesDialogues_thatAreThere()
    {
        var names = Dialogue.Names().ToHashSet();
        var named = Rows().SelectMany(row => Quoted().Matches(row[2]).Select(match => match.Groups[1].Value)).ToList();

        Assert.NotEmpty(named);
        Assert.All(Rows(), row => Assert.Matches(Quoted(), row[2]));
        Assert.Subset(names, named.ToHashSet());
    }

    [Theory]
    [InlineData("EHLO", "inbound", "none")]
    [InlineData("EHLO", "submission", "starttls")]
    [InlineData("EHLO", "submission", "implicit")]
    [InlineData("EHLO", "capture", "starttls")]
    [InlineData("LHLO", "lmtp", "none")]
    public async Task Hello_everyKeyword_hasARow(string verb, string role, string tls)
    {
        await using var server = await TestServer.StartAsync(
            ("role", role), ("tls", tls), ("auth", "optional"), ("insecure-auth", "true"), ("verify", "true"),
            ("xclient-from", "127.0.0.0/8"), ("etrn-from", "127.0.0.0/8"), ("domain", "example.com"));
        await using var client = await TestClient.ConnectAsync(server.Address, greeted: false);
        if (tls == "implicit")
            await client.StartTlsAsync();
        await client.ReplyAsync();
        await client.SendAsync($"{verb} client.example\r\n");

        var keywords = (await client.ReplyLinesAsync()).Skip(1).Select(line => line[4..].Split(' ')[0]).ToList();

        Assert.NotEmpty(keywords);
        Assert.Empty(keywords.Except(Rows().Select(row => row[0])));
    }

    private static IEnumerable<string[]> Rows() => File.ReadLines(Path.Combine(Dialogue.Folder, "README.md"))
        .SkipWhile(line => !line.StartsWith("| extension |", StringComparison.Ordinal)).Skip(2)
        .Where(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    [GeneratedRegex("`([a-z0-9-]+)`")]
    private static partial Regex Quoted();
}
