using System.Globalization;
using System.Net;
using System.Text;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.Tests.ReferencePages;

public sealed class PasteTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Form = "application/x-www-form-urlencoded";

    private readonly TestHost _host = shared.Host;

    [Fact]
    public async Task Text_that_was_pasted_is_explained_and_its_contradictions_are_named()
    {
        var page = await PasteAsync("postfix/smtp[7]: to=<bob@example.net>, said: 450 5.1.1 <script>no such user (in reply to RCPT TO command)");

        Assert.Contains("450 5.1.1", Answers(page)[0], StringComparison.Ordinal);
        Assert.Contains("Contradiction", Answers(page)[0], StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;no such user", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("th")]
    public async Task Reply_is_answered_with_its_reason_who_words_so_where_the_advice_is_from_and_a_text_to_send(string language)
    {
        const string Reply = "550-5.7.26 This mail has been blocked because the sender is unauthenticated. 550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.";
        var meaning = Explainer.ExplainText(Reply, new ReplyContext(Language: language))!;
        var answer = Assert.Single(Answers(await PasteAsync(Reply, language)));

        Assert.Contains($"href=\"/reference/reason/{meaning.Reason.ToName()}?lang={language}\"", answer, StringComparison.Ordinal);
        Assert.Contains(meaning.Wording!.ProviderName!, answer, StringComparison.Ordinal);
        Assert.Contains(meaning.Wording.Confidence.ToString("P0", CultureInfo.InvariantCulture), answer, StringComparison.Ordinal);
        Assert.Contains(meaning.Wording.Evidence, answer, StringComparison.Ordinal);
        Assert.Contains(meaning.Wording.Source!.Source, answer, StringComparison.Ordinal);
        Assert.Contains(meaning.Wording.Source.Date, answer, StringComparison.Ordinal);
        Assert.Contains(string.Join('\n', ReplyReference.LetterLines(meaning, null, 1_000_000).Skip(1)).Trim(), answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_without_a_code_are_answered_and_lead_to_their_reason()
    {
        const string Reply = "The email account that you tried to reach is over quota";
        var meaning = Explainer.ExplainText(Reply)!;
        var answer = Assert.Single(Answers(await PasteAsync(Reply)));

        Assert.Equal("", meaning.Label);
        Assert.Contains(meaning.Name, answer, StringComparison.Ordinal);
        Assert.Contains("href=\"/reference/reason/mailboxFull\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/reference/\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X.7.8", "5.7.8")]
    [InlineData(" 535 ", "535")]
    public async Task Code_that_was_pasted_is_explained(string text, string label) =>
        Assert.Contains(ReplyReference.Find(label)!.Name, Assert.Single(Answers(await PasteAsync(text))), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    public async Task Message_that_came_back_is_answered_recipient_by_recipient(string ahead)
    {
        var page = await PasteAsync(ahead + BouncedMessages.TwoRecipients);
        var answers = Answers(page);

        Assert.Contains("A delivery report", page, StringComparison.Ordinal);
        Assert.Equal(2, answers.Count);
        Assert.Contains("bob@example.net", answers[0], StringComparison.Ordinal);
        Assert.Contains("/reference/reason/userUnknown", answers[0], StringComparison.Ordinal);
        Assert.Contains("cem@example.com", answers[1], StringComparison.Ordinal);
        Assert.Contains("/reference/reason/mailboxFull", answers[1], StringComparison.Ordinal);
        Assert.All(answers, answer => Assert.Contains("<pre class=\"letter\"", answer, StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.Contains("class=\"evidence\"", answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Message_to_very_many_is_answered_in_part_and_says_so()
    {
        var fields = string.Concat(Enumerable.Range(0, 60).Select(number => $"Final-Recipient: rfc822; u{number}@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"));
        var page = await PasteAsync(BouncedMessages.TwoRecipients.ReplaceLineEndings("\r\n").Replace("Final-Recipient: rfc822; bob", fields + "Final-Recipient: rfc822; bob", StringComparison.Ordinal));

        Assert.Equal(50, Answers(page).Count);
        Assert.Contains("The first 50 of 62 recipients are shown.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_that_is_no_bounce_is_told_so() =>
        Assert.Contains("Neither a bounce nor an automatic answer", await PasteAsync("From: ann@example.org\nSubject: hello\n\nHello."), StringComparison.Ordinal);

    [Fact]
    public async Task Text_without_a_reply_is_told_so() =>
        Assert.Contains("No reply was found in this text.", await PasteAsync("hello"), StringComparison.Ordinal);

    [Fact]
    public async Task Whatever_the_field_lets_in_is_read()
    {
        var page = await _host.GetAsync("/reference");
        var length = int.Parse(page.Split("<textarea")[1].Split("maxlength=\"")[1].Split('"')[0], CultureInfo.InvariantCulture);
        var text = new string('\u0e01', length - 100) + "\n550 5.1.1 no such user";

        Assert.Contains("550 5.1.1", Answers(await PasteAsync(text))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Example_in_the_field_reads_as_a_reply_does() =>
        Assert.Contains("placeholder=\"550 5.1.1 <bob@example.net>: no such user\"", WebUtility.HtmlDecode(await _host.GetAsync("/reference")), StringComparison.Ordinal);

    [Theory]
    [InlineData("text=550%00no", Form, HttpStatusCode.BadRequest, "What was sent could not be read.")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n550", "multipart/form-data; boundary=b", HttpStatusCode.BadRequest, "What was sent could not be read.")]
    [InlineData("x", "multipart/form-data", HttpStatusCode.BadRequest, "What was sent could not be read.")]
    [InlineData("text=550", $"{Form}; charset=utf-7", HttpStatusCode.UnsupportedMediaType, "What was sent is no form with a text in UTF-8.")]
    [InlineData("text=550", $"{Form}; charset=nonsense", HttpStatusCode.UnsupportedMediaType, "What was sent is no form with a text in UTF-8.")]
    [InlineData("550 no", "text/plain", HttpStatusCode.UnsupportedMediaType, "What was sent is no form with a text in UTF-8.")]
    [InlineData("550 no", "nonsense", HttpStatusCode.UnsupportedMediaType, "What was sent is no form with a text in UTF-8.")]
    public async Task Form_that_cannot_be_read_gets_a_page_with_words(string body, string type, HttpStatusCode status, string words)
    {
        using var response = await PostAsync(body, type);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Form_of_very_many_fields_is_refused_with_words()
    {
        using var response = await PostAsync(string.Join('&', Enumerable.Range(0, 2000).Select(number => $"f{number}=x")), Form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("What was sent could not be read.", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_of_another_site_is_refused()
    {
        using var response = await _host.AskAsync(HttpMethod.Post, "/reference", ("Origin", "https://example.net"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Form_of_many_megabytes_is_refused_with_words()
    {
        var answer = await _host.AnnounceAndReadAsync("/reference", Form, 1 << 24);

        Assert.StartsWith("HTTP/1.1 413 Payload Too Large\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("The text is too long. At most 262144 characters are read here;", answer, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", type));
        return await _host.Http.PostAsync("/reference", content, TestContext.Current.CancellationToken);
    }

    private async Task<string> PasteAsync(string text, string? language = null)
    {
        using var form = new FormUrlEncodedContent([new("text", text)]);
        using var response = await _host.Http.PostAsync($"/reference{(language is null ? "" : $"?lang={language}")}", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static List<string> Answers(string page) =>
        [.. page.Split("<section class=\"found\"").Skip(1).Select(answer => WebUtility.HtmlDecode(answer.Split("</section>")[0]))];
}
