using Pillarbox.Reference.Classifying;
using Pillarbox.Reference.Data;
using Pillarbox.Reference.Reading;

namespace Pillarbox.Reference.Tests.Classifying;

/// <summary>The rules for wordings, each by its own examples and beside all others.</summary>
public sealed class RuleTests
{
    private static readonly Dictionary<string, (Provider Provider, WordingRule Rule)> Rules =
        RuleBook.Instance.Providers.SelectMany(provider => provider.Rules.Select(rule => (provider, rule))).ToDictionary(one => one.rule.Id, StringComparer.Ordinal);

    public static TheoryData<string> Ids() => new(Rules.Keys);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Example_of_a_rule_is_met_by_that_rule_first(string id)
    {
        var (provider, rule) = Rules[id];

        Assert.NotEmpty(rule.Examples);
        foreach (var example in rule.Examples)
        {
            var reply = ReplyFinder.Find(example);
            var first = Classifier.FirstOf(provider, example, reply?.Code, reply?.Enhanced);
            Assert.True(first?.Id == id, $"{first?.Id ?? "no rule"} holds for: {example}");
        }
    }

    // Another's rule may be the first to hold, where both word it alike; but then it says the same.
    [Theory]
    [MemberData(nameof(Ids))]
    public void Example_of_a_rule_has_its_reason_among_all_rules(string id)
    {
        var (provider, rule) = Rules[id];

        foreach (var example in rule.Examples)
        {
            var explanation = Explainer.ExplainText(rule.NeedsProvider ? $"{example}\n({Sign(provider)})" : example);
            var reason = explanation?.Reason ?? Classifier.Classify(example, null, null, example).Rule?.Reason;
            Assert.True(reason == rule.Reason, $"{reason} by {explanation?.Wording?.Rule ?? "the codes"}, not {rule.Reason}: {example}");
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_says_what_it_may(string id)
    {
        var (provider, rule) = Rules[id];

        Assert.StartsWith($"{provider.Key}/", id, StringComparison.Ordinal);
        Assert.InRange(rule.Confidence, 0.5, 0.99);
        Assert.True(rule.All.Count + rule.Any.Count > 0 || (rule.NeedsProvider && rule.Codes.Count + rule.Enhanced.Count > 0), "a rule without a phrase holds for everything");
        Assert.All(rule.All.Concat(rule.Any).Concat(rule.None), phrase => Assert.Equal(FoldedText.Fold(RuleBook.Instance.Phrases[phrase]), RuleBook.Instance.Phrases[phrase].Trim()));
        Assert.All(rule.Enhanced, code => Assert.Matches(@"^([245]\.\d{1,3}(\.\d{1,3})?|X\.\d{1,3}\.\d{1,3})$", code));
        Assert.All(rule.Codes, code => Assert.Matches(@"^([2-5]|[1-5]\d\d)$", code));
        if (rule.Advice is not { } advice)
            return;
        Assert.Matches(@"^20\d\d-\d\d$", provider.Advices[advice].Date);
        foreach (var tag in ReplyReference.Languages)
            Assert.NotNull(Locale.For(tag).Find($"advice {advice}")?.Letter);
    }

    // A rule is dead where an earlier one of its file asks for less of the same.
    [Fact]
    public void Rule_is_not_shadowed_by_a_more_general_one()
    {
        List<string> shadowed = [];
        foreach (var provider in RuleBook.Instance.Providers)
        {
            for (var later = 1; later < provider.Rules.Count; later++)
            {
                var dead = provider.Rules.Take(later).FirstOrDefault(earlier => Covers(earlier, provider.Rules[later]));
                if (dead is not null)
                    shadowed.Add($"{provider.Rules[later].Id} is shadowed by {dead.Id}");
            }
        }

        Assert.True(shadowed.Count == 0, string.Join('\n', shadowed));
    }

    [Fact]
    public void Advice_is_asked_for_by_a_rule() =>
        Assert.All(
            RuleBook.Instance.Providers.SelectMany(provider => provider.Advices.Keys.Select(key => (provider, key))),
            one => Assert.Contains(one.provider.Rules, rule => rule.Advice == one.key));

    // The domains of addresses are blanked before signs are looked for, so a sign that is an address would never be found.
    [Fact]
    public void Sign_of_a_provider_is_no_address() =>
        Assert.All(RuleBook.Instance.Providers.SelectMany(provider => provider.Signs), sign => Assert.DoesNotContain('@', RuleBook.Instance.Phrases[sign]));

    [Fact]
    public void Key_of_a_provider_is_its_own() => Assert.Distinct(RuleBook.Instance.Providers.Select(provider => provider.Key));

    private static string Sign(Provider provider) => provider.IsGeneral || provider.Signs.Count == 0 ? "" : RuleBook.Instance.Phrases[provider.Signs[0]];

    private static bool Covers(WordingRule earlier, WordingRule later) =>
        (!earlier.NeedsProvider || later.NeedsProvider)
        && Holds(earlier.Codes, later.Codes, (wide, narrow) => narrow.StartsWith(wide, StringComparison.Ordinal))
        && Holds(earlier.Enhanced, later.Enhanced, (wide, narrow) => narrow == wide || narrow.StartsWith($"{wide}.", StringComparison.Ordinal) || (wide[0] == 'X' && narrow.EndsWith(wide[1..], StringComparison.Ordinal)))
        && earlier.All.All(wide => later.All.Any(narrow => Contains(narrow, wide)))
        && (earlier.Any.Count == 0 || earlier.Any.Any(wide => later.All.Any(narrow => Contains(narrow, wide)))
            || (later.Any.Count > 0 && later.Any.All(narrow => earlier.Any.Any(wide => Contains(narrow, wide)))))
        && earlier.None.All(later.None.Contains);

    private static bool Holds(IReadOnlyList<string> wide, IReadOnlyList<string> narrow, Func<string, string, bool> covers) =>
        wide.Count == 0 || (narrow.Count > 0 && narrow.All(one => wide.Any(other => covers(other, one))));

    private static bool Contains(int narrow, int wide) =>
        RuleBook.Instance.Phrases[narrow].Contains(RuleBook.Instance.Phrases[wide], StringComparison.Ordinal);
}
