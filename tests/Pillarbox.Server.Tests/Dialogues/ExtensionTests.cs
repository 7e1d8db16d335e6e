using System.Text.RegularExpressions;
using Pillarbox.Protocol.Sasl;

namespace Pillarbox.Server.Tests.Dialogues;

/// <summary>The tables of tests/Dialogues/README.md: each extension has a dialogue, and each dialogue and test that is named is there.</summary>
public sealed partial class ExtensionTests
{
    [Fact]
    public void Table_namesDialogues_thatAreThere()
    {
        Assert.All(Rows("| extension |"), row => Assert.Matches(Quoted(), row[2]));
        Assert.Subset(Dialogue.Names().ToHashSet(), Named("| extension |", 2));
    }

    [Fact]
    public void Mechanism_everyOne_hasARow()
    {
        var named = Rows("| extension |").SelectMany(row => row[0].Split(", ")).ToList();
        Assert.All(SaslExchange.Mechanisms, mechanism => Assert.Contains($"AUTH {mechanism}", named));
    }

    [Fact]
    public void Traps_nameDialoguesAndTests_thatAreThere()
    {
        var tests = typeof(ExtensionTests).Assembly.GetTypes().Select(type => type.Name).Where(name => name.EndsWith("Tests", StringComparison.Ordinal));
        Assert.Subset(Dialogue.Names().Concat(tests).ToHashSet(), Named("| trap |", 1));
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
            ("role", role), ("tls", tls), ("auth", "optional"), ("insecure-auth", "true"), ("verify", "true"), ("expand", "true"),
            ("xclient-from", "127.0.0.0/8"), ("etrn-from", "127.0.0.0/8"), ("domain", "example.com"));
        await using var client = await TestClient.ConnectAsync(server.Address, greeted: false);
        if (tls == "implicit")
            await client.StartTlsAsync();
        await client.ReplyAsync();
        await client.SendAsync($"{verb} client.example\r\n");

        var keywords = (await client.ReplyLinesAsync()).Skip(1).Select(line => line[4..].Split(' ')[0]).ToList();

        Assert.NotEmpty(keywords);
        Assert.Empty(keywords.Except(Rows("| extension |").Select(row => row[0])));
    }

    private static HashSet<string> Named(string table, int column) =>
        [.. Rows(table).SelectMany(row => Quoted().Matches(row[column]).Select(match => match.Groups[1].Value))];

    private static IEnumerable<string[]> Rows(string table) => File.ReadLines(Path.Combine(Dialogue.Folder, "README.md"))
        .SkipWhile(line => !line.StartsWith(table, StringComparison.Ordinal)).Skip(2)
        .TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    [GeneratedRegex("`([A-Za-z0-9-]+)`")]
    private static partial Regex Quoted();
}
