using System.Text.Json;
using Pillarbox.Reference;

namespace Pillarbox.Tests.Commands;

public sealed class CodesCommandTests
{
    private static readonly string[] Members =
    [
        "code", "enhanced", "name", "class", "meaning", "when", "fix", "retry", "actor", "commands", "references", "standing", "reason",
        "contradictions", "lang", "seeAlso",
    ];

    public static TheoryData<string> Languages => [.. ReplyReference.Languages];

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Document_has_every_code_whole(string language)
    {
        var finished = await BuiltProgram.RunAsync(["codes", "--json", "--lang", language]);

        Assert.Equal(0, finished.ExitCode);
        using var document = JsonDocument.Parse(finished.Output);
        Assert.Equal("codes", Assert.Single(document.RootElement.EnumerateObject()).Name);
        var codes = document.RootElement.GetProperty("codes").EnumerateArray().ToList();
        Assert.Equal(ReplyReference.List().Select(one => (one.Code, one.Enhanced)), codes.Select(one => (Number(one.GetProperty("code")), one.GetProperty("enhanced").GetString())));
        Assert.All(codes, code =>
        {
            Assert.Equal(Members, code.EnumerateObject().Select(member => member.Name));
            Assert.All(["name", "meaning", "when", "fix"], member => Assert.NotEmpty(code.GetProperty(member).GetString()!));
            Assert.Equal(language, code.GetProperty("lang").GetString());
        });
    }

    [Fact]
    public async Task Document_has_the_codes_that_people_meet()
    {
        var finished = await BuiltProgram.RunAsync(["codes", "--json"]);

        using var document = JsonDocument.Parse(finished.Output);
        var basic = document.RootElement.GetProperty("codes").EnumerateArray().Select(one => Number(one.GetProperty("code"))).OfType<int>().ToList();
        Assert.Superset(
            new HashSet<int> { 211, 214, 220, 221, 235, 250, 251, 252, 334, 354, 421, 422, 432, 441, 450, 451, 452, 454, 455, 500, 501, 502, 503, 504, 521, 530, 534, 535, 538, 550, 551, 552, 553, 554, 555, 556 },
            basic.ToHashSet());
        Assert.Equal(basic.Count, basic.Distinct().Count());
    }

    [Fact]
    public async Task List_has_a_line_a_code_in_its_group()
    {
        var finished = await BuiltProgram.RunAsync(["codes", "--lang", "th"]);

        Assert.Equal(0, finished.ExitCode);
        var lines = finished.Output.Split('\n').Select(line => line.TrimEnd()).ToList();
        Assert.All(ReplyReference.List("th"), code => Assert.Single(
            lines, line => line.StartsWith($"{code.Label} ", StringComparison.Ordinal) && line.EndsWith($" {code.Name}", StringComparison.Ordinal)));
        Assert.InRange(lines.FindIndex(line => line.StartsWith("535 ", StringComparison.Ordinal)), lines.FindIndex(line => line.StartsWith("5yz", StringComparison.Ordinal)), lines.FindIndex(line => line.StartsWith("X.0.z", StringComparison.Ordinal)));
    }

    private static int? Number(JsonElement code) => code.ValueKind == JsonValueKind.Null ? null : code.GetInt32();
}
