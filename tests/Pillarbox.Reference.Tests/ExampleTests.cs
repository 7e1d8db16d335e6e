using System.Text.RegularExpressions;

namespace Pillarbox.Reference.Tests;

/// <summary>The example sessions.</summary>
public sealed partial class ExampleTests
{
    public static TheoryData<string> Known() => new(ReplyReference.List().Select(one => one.Label));

    [Theory]
    [MemberData(nameof(Known))]
    public void Code_has_two_sessions_or_more_and_is_met_in_each(string label)
    {
        var explanation = ReplyReference.Find(label)!;
        var met = explanation.Enhanced is { } range && range.Contains('-', StringComparison.Ordinal) ? InRange(range) : line => line.Contains(label, StringComparison.Ordinal);
        // X.7.8 shares its sessions among its classes: there it is met in one of them.
        var shared = explanation.Code is null ? $@"[245]{Regex.Escape(label[1..])}\b" : null;

        Assert.InRange(explanation.Examples.Count, 2, 4);
        Assert.All(explanation.Examples, session => Assert.InRange(session.Count, 1, 14));
        Assert.All(explanation.Examples, session => Assert.Contains(session, line => met(line) || (shared is not null && Regex.IsMatch(line, shared))));
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void Session_is_of_lines_that_go_over_a_wire_and_names_nobody_real(string label)
    {
        foreach (var line in ReplyReference.Find(label)!.Examples.SelectMany(session => session))
        {
            Assert.Matches("^(S: |C: |# |C:$|S:$)", line);
            Assert.InRange(line.Length, 2, 110);
            Assert.All(Domains().Matches(line).Select(match => match.Groups[1].Value), domain => Assert.Matches(ExampleDomain(), domain));
            Assert.All(Addresses().Matches(line).Select(match => match.Value), address => Assert.Matches(ExampleAddress(), address));
        }
    }

    // RFC 5321 §4.2.1: all lines of a reply have one code, and all but the last a hyphen.
    [Theory]
    [MemberData(nameof(Known))]
    public void Reply_of_several_lines_is_well_formed(string label)
    {
        foreach (var session in ReplyReference.Find(label)!.Examples)
        {
            string? open = null;
            foreach (var line in session.Where(line => line.StartsWith("S: ", StringComparison.Ordinal)))
            {
                var match = ReplyLine().Match(line);
                Assert.True(match.Success, line);
                Assert.True(open is null || open == match.Groups[1].Value, $"{label}: {line}");
                open = match.Groups[2].Value == "-" ? match.Groups[1].Value : null;
            }

            Assert.Null(open);
        }
    }

    private static Func<string, bool> InRange(string range)
    {
        var parts = range.Split('.', '-');
        var (first, last) = (int.Parse(parts[2], null), int.Parse(parts[3], null));
        return line => Regex.Matches(line, $@"\b{parts[0]}\.{parts[1]}\.(\d+)").Any(match => int.Parse(match.Groups[1].Value, null) is var detail && detail >= first && detail <= last);
    }

    [GeneratedRegex(@"@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")]
    private static partial Regex Domains();

    [GeneratedRegex(@"^(.*\.)?(example\.(org|com|net)|example|test|invalid|localhost)$")]
    private static partial Regex ExampleDomain();

    [GeneratedRegex(@"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")]
    private static partial Regex Addresses();

    [GeneratedRegex(@"^(192\.0\.2|198\.51\.100|203\.0\.113|127\.0\.0)\.\d+$")]
    private static partial Regex ExampleAddress();

    [GeneratedRegex(@"^S: (\d{3})([ -]|$)")]
    private static partial Regex ReplyLine();
}
