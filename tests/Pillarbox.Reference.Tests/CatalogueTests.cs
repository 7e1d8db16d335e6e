using Pillarbox.Protocol.Replies;

namespace Pillarbox.Reference.Tests;

/// <summary>Joins what the server says to what the reference explains.</summary>
public sealed class CatalogueTests
{
    public static TheoryData<int, string> Replies() =>
        new(ReplyCatalogue.All.Select(reply => (reply.Code, reply.Status.ToString())).Distinct());

    [Theory]
    [MemberData(nameof(Replies))]
    public void Reply_of_the_catalogue_is_explained(int code, string status)
    {
        var enhanced = status.Length == 0 ? null : status;
        var explanation = ReplyReference.Explain(code, enhanced);

        Assert.NotNull(explanation);
        Assert.True(ReplyReference.Knows($"{code}"), $"{code} is not in the reference");
        Assert.True(enhanced is null || ReplyReference.Knows(enhanced), $"{enhanced} is not in the reference");
        Assert.Empty(explanation.Contradictions);
        Assert.Contains(explanation.Standing, new[] { ReplyStanding.Standard, ReplyStanding.Registered });
        Assert.All([explanation.Name, explanation.Meaning, explanation.When, explanation.Fix], Assert.NotEmpty);
        Assert.NotEmpty(explanation.Commands);
        Assert.NotEmpty(explanation.References);
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void Reply_of_the_catalogue_is_read_from_its_wire_form(int code, string status)
    {
        var reply = ReplyCatalogue.All.First(one => one.Code == code && one.Status.ToString() == status);

        var explanation = Explainer.ExplainText(reply.ToString());

        Assert.Equal(code, explanation?.Code);
        Assert.Equal(status.Length == 0 ? null : status, explanation?.Enhanced);
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void Help_of_the_catalogue_fits_the_wire(int code, string status)
    {
        var lines = ReplyReference.HelpLines(code, status.Length == 0 ? null : status);

        Assert.True(lines.Count >= 5);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 80));
        Assert.All(lines, line => Assert.All(line, c => Assert.InRange(c, ' ', '~')));
        Assert.DoesNotContain(lines, line => line.Contains('?', StringComparison.Ordinal));
    }
}
