using System.Text.Json;

namespace Pillarbox.Reference.Tests;

public sealed class ExplainTests
{
    [Theory]
    [InlineData(235, "2.7.0", "Authentication succeeded", "notNeeded", "nobody", "undefined")]
    [InlineData(250, "2.0.0", "Requested action completed", "notNeeded", "nobody", "undefined")]
    [InlineData(250, "2.1.5", "Recipient accepted", "notNeeded", "nobody", "undefined")]
    [InlineData(421, "4.3.2", "Shutting down or full, closing the connection", "later", "nobody", "systemError")]
    [InlineData(421, "4.4.2", "Idle too long, closing the connection", "later", "senderAdmin", "networkError")]
    [InlineData(421, "4.7.0", "Client turned away for its behaviour", "later", "senderAdmin", "rateLimited")]
    [InlineData(450, "4.2.0", "Deferred, most likely by greylisting", "later", "nobody", "greylisted")]
    [InlineData(450, "4.1.1", "Mailbox unknown for now", "later", "recipientAdmin", "userUnknown")]
    [InlineData(451, "4.4.1", "No answer from the host", "later", "recipientAdmin", "networkError")]
    [InlineData(452, "4.2.2", "Mailbox full for now", "later", "recipient", "mailboxFull")]
    [InlineData(501, "5.7.0", "Authentication cancelled", "afterFix", "sender", "authenticationFailed")]
    [InlineData(501, "5.5.2", "Syntax error", "afterFix", "sender", "syntaxError")]
    [InlineData(504, "5.5.4", "Parameter or login mechanism not available", "afterFix", "sender", "notCompliant")]
    [InlineData(535, "5.7.8", "Authentication credentials invalid", "afterFix", "sender", "authenticationFailed")]
    [InlineData(550, "5.1.1", "No such mailbox", "never", "sender", "userUnknown")]
    [InlineData(550, "5.7.1", "Refused by policy or not permitted", "afterFix", "sender", "policyViolation")]
    [InlineData(550, "5.7.25", "Reverse DNS failed", "afterFix", "senderAdmin", "reverseDnsMissing")]
    [InlineData(552, "5.3.4", "Message larger than the server takes", "afterFix", "sender", "messageTooBig")]
    [InlineData(554, "5.6.3", "Conversion needed but not possible", "afterFix", "sender", "notCompliant")]
    [InlineData(535, "5.7.0", "Authentication credentials invalid", "afterFix", "sender", "authenticationFailed")]
    [InlineData(535, "5.7.1", "Authentication credentials invalid", "afterFix", "sender", "authenticationFailed")]
    [InlineData(530, "5.5.1", "Authentication or TLS required first", "afterFix", "sender", "authenticationFailed")]
    [InlineData(554, "5.5.1", "No valid recipients", "afterFix", "sender", "undefined")]
    [InlineData(550, "5.0.0", "Mailbox unavailable or refused by policy", "afterFix", "sender", "undefined")]
    [InlineData(552, "5.7.0", "Refused for security or policy", "afterFix", "sender", "policyViolation")]
    [InlineData(556, "5.1.10", "Recipient's domain takes no mail", "never", "nobody", "domainUnknown")]
    public void Pair_has_the_meaning_of_both_together(int code, string enhanced, string name, string retry, string actor, string reason)
    {
        var explanation = ReplyReference.Explain(code, enhanced)!;

        Assert.Equal(
            (name, retry, actor, reason),
            (explanation.Name, explanation.Retry.ToName(), explanation.Actor.ToName(), explanation.Reason.ToName()));
        Assert.Equal($"{code} {enhanced}", explanation.Label);
    }

    [Theory]
    [InlineData(220, "STARTTLS", "Go ahead with TLS")]
    [InlineData(220, "connection", "Greeting")]
    [InlineData(250, "rcpt", "Recipient accepted")]
    [InlineData(250, ".", "Message accepted")]
    [InlineData(251, "ETRN", "No messages waiting")]
    [InlineData(251, "RCPT", "User not local, will forward")]
    [InlineData(454, "AUTH", "Temporary authentication failure")]
    [InlineData(554, "connection", "No SMTP service for this client")]
    [InlineData(421, "RCPT", "Service not available, closing the connection")]
    [InlineData(250, "XYZZY", "Requested action completed")]
    public void Command_picks_the_meaning(int code, string command, string name) =>
        Assert.Equal(name, ReplyReference.Explain(code, null, new ReplyContext(command))?.Name);

    [Fact]
    public void Relaying_denied_is_told_by_its_command()
    {
        var explanation = ReplyReference.Explain(550, "5.7.1", new ReplyContext("RCPT"))!;

        Assert.StartsWith("Relaying denied", explanation.Name, StringComparison.Ordinal);
        Assert.Equal(["RCPT"], explanation.Commands);
    }

    [Fact]
    public void Any_class_entry_met_as_temporary_is_tried_again() =>
        Assert.Equal(RetryAdvice.Later, ReplyReference.Explain(450, "4.7.25")?.Retry);

    [Theory]
    [InlineData(599, null, "Not in the register: 599", ReplyClass.PermanentFailure)]
    [InlineData(479, null, "Not in the register: 479", ReplyClass.TransientFailure)]
    [InlineData(null, "5.9.99", "Not in the register: 5.9.99", ReplyClass.PermanentFailure)]
    [InlineData(299, "2.9.9", "Not in the register: 299 with 2.9.9", ReplyClass.PositiveCompletion)]
    public void Unregistered_code_is_explained_by_its_digits(int? code, string? enhanced, string name, ReplyClass replyClass)
    {
        var explanation = ReplyReference.Explain(code, enhanced)!;

        Assert.Equal((name, replyClass, ReplyStanding.Vendor), (explanation.Name, explanation.Class, explanation.Standing));
        Assert.All([explanation.Meaning, explanation.When, explanation.Fix], Assert.NotEmpty);
        Assert.DoesNotContain("{", explanation.Meaning, StringComparison.Ordinal);
        Assert.False(ReplyReference.Knows(enhanced ?? $"{code}"));
    }

    [Fact]
    public void Unregistered_detail_beside_a_known_code_is_called_so()
    {
        var explanation = ReplyReference.Explain(550, "5.7.515")!;

        Assert.Equal(("Refused for security or policy", ReplyStanding.Vendor), (explanation.Name, explanation.Standing));
        Assert.Contains("register of enhanced status codes does not have 5.7.515", explanation.Meaning, StringComparison.Ordinal);
        Assert.Contains("security or policy", explanation.Meaning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(199, null)]
    [InlineData(600, null)]
    [InlineData(null, null)]
    [InlineData(null, "3.0.0")]
    [InlineData(null, "5.1")]
    [InlineData(null, "5.1.1.1")]
    [InlineData(null, "5.1000.1")]
    [InlineData(550, "five")]
    public void Malformed_code_has_no_explanation(int? code, string? enhanced) => Assert.Null(ReplyReference.Explain(code, enhanced));

    [Theory]
    [InlineData(450, "5.1.1")]
    [InlineData(550, "4.7.1")]
    [InlineData(250, "5.0.0")]
    [InlineData(334, "2.7.0")]
    public void Codes_of_two_classes_contradict_each_other(int code, string enhanced)
    {
        var explanation = ReplyReference.Explain(code, enhanced)!;

        var contradiction = Assert.Single(explanation.Contradictions);
        Assert.Contains($"{code}", contradiction, StringComparison.Ordinal);
        Assert.Contains(enhanced, contradiction, StringComparison.Ordinal);
        Assert.Equal(code / 100 - 2, (int)explanation.Class);
    }

    [Fact]
    public void Language_that_is_not_there_gives_English() =>
        Assert.Equal("en", ReplyReference.Explain(221, null, new ReplyContext(Language: "tlh-Latn"))?.Lang);

    [Fact]
    public void Json_has_the_contracts_members_in_order()
    {
        using var json = JsonDocument.Parse(ReplyReference.Explain(535, "5.7.8")!.ToJson());

        Assert.Equal(
            ["code", "enhanced", "name", "class", "meaning", "when", "fix", "retry", "actor", "commands", "references", "standing", "reason", "contradictions", "lang", "seeAlso"],
            json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal("permanentFailure", json.RootElement.GetProperty("class").GetString());
        Assert.Equal("RFC 4954 §6", json.RootElement.GetProperty("references")[0].GetString());
    }

    [Fact]
    public void Json_of_a_bare_enhanced_code_has_null_for_the_code()
    {
        var explanation = ReplyReference.Explain(null, "5.7.8")!;

        Assert.StartsWith("""{"code":null,"enhanced":"5.7.8",""", explanation.ToJson(), StringComparison.Ordinal);
        Assert.Equal(explanation.ToJson(), JsonSerializer.Serialize(explanation, RelaxedJson));
    }

    [Fact]
    public void Delay_is_told_by_what_the_server_means()
    {
        Assert.Equal(ReplyReference.Explain(451, "4.3.0")!.Meaning, ReplyReference.DelayWords(451, null, "4.3.0 try again later"));
        Assert.Empty(ReplyReference.DelayWords(null, null));
    }

    [Fact]
    public void Success_has_no_words_for_a_bounce() => Assert.Empty(ReplyReference.PlainWords(250, "2.0.0", "OK"));

    [Fact]
    public void Short_form_is_one_line() =>
        Assert.Equal("550 5.1.1 No such mailbox (never, sender)", ReplyReference.Short(550, "5.1.1"));

    [Fact]
    public void Help_of_a_code_that_is_none_is_empty() => Assert.Empty(ReplyReference.HelpLines(999));

    [Theory]
    [InlineData(550, null, "sorry, no mailbox here by that name (#5.1.1)", 550, "5.1.1")]
    [InlineData(550, "bogus", "5.2.1 mailbox disabled", 550, "5.2.1")]
    [InlineData(0, "4.4.7", "", null, "4.4.7")]
    public void Plain_words_follow_the_enhanced_code_wherever_it_stands(int code, string? enhanced, string text, int? asCode, string asEnhanced) =>
        Assert.Equal(ReplyReference.PlainWords(asCode, asEnhanced), ReplyReference.PlainWords(code, enhanced, text));

    private static readonly JsonSerializerOptions RelaxedJson = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
