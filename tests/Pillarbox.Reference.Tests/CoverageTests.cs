namespace Pillarbox.Reference.Tests;

/// <summary>Which codes there are.</summary>
public sealed class CoverageTests
{
    private static readonly HashSet<string> Listed = [.. ReplyReference.List().Select(one => one.Label)];

    public static TheoryData<string> Codes() =>
        new(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "known-codes.tsv")).Where(line => line[0] != '#').Select(line => line.Split('\t')[1]));

    [Theory]
    [MemberData(nameof(Codes))]
    public void Code_is_listed_and_explained_by_itself(string code)
    {
        if (code[0] == 'X')
            Assert.Contains(Listed, label => label.EndsWith(code[1..], StringComparison.Ordinal) && label.Length == code.Length && label[0] is '2' or '4' or '5');
        else
            Assert.Contains(code, Listed);
        var explanation = ReplyReference.Find(code)!;
        Assert.True(ReplyReference.Knows(explanation.Label), code);
        Assert.DoesNotContain("Not in the register", explanation.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void List_is_in_order_and_has_nothing_twice()
    {
        var all = ReplyReference.List().ToList();

        Assert.Distinct(all.Select(one => one.Label));
        Assert.Equal(all.Where(one => one.Code is not null).OrderBy(one => one.Code).Select(one => one.Label), all.TakeWhile(one => one.Code is not null).Select(one => one.Label));
    }

    [Theory]
    [InlineData("X.7.8", "5.7.8")]
    [InlineData("x.3.1", "4.3.1")]
    [InlineData("535  5.7.8", "535 5.7.8")]
    [InlineData("4.7.512", "4.7.512")]
    [InlineData("101", "101")]
    [InlineData("535 X.7.8", "535 5.7.8")]
    public void Code_is_found_as_people_write_it(string text, string label) => Assert.Equal(label, ReplyReference.Find(text)?.Label);

    [Theory]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("102")]
    [InlineData("600")]
    [InlineData("X.7")]
    [InlineData("4.7.500-698")]
    [InlineData("550 5.7.1 no")]
    [InlineData("101 4.4.1")]
    [InlineData("111 5.1.1")]
    public void Text_that_is_no_code_is_not_found(string text) => Assert.Null(ReplyReference.Find(text));

    [Fact]
    public void Every_code_is_explained_with_every_enhanced_one()
    {
        var statuses = ReplyReference.List().Where(one => one.Code is null).Select(one => one.Enhanced!).Append("2.9.9").Append("5.999.999").ToList();
        foreach (var code in Enumerable.Range(0, 700))
        {
            foreach (var status in statuses.Where((_, index) => (index + code) % 7 == 0))
                Assert.Equal(code is >= 200 and < 600, ReplyReference.Explain(code, status) is { Meaning.Length: > 0, Fix.Length: > 0 });
        }
    }

    [Fact]
    public void Code_within_a_vendors_range_is_explained_by_the_range()
    {
        var one = ReplyReference.Find("4.7.512")!;

        Assert.Equal(ReplyReference.Find("4.7.500-699")!.Meaning, one.Meaning);
        Assert.Equal("4.7.512", one.Enhanced);
        Assert.Equal(ReplyStanding.Vendor, one.Standing);
    }
}
