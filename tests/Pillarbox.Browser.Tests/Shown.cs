namespace Pillarbox.Browser.Tests;

/// <summary>The pages that are looked at.</summary>
internal static class Shown
{
    private static readonly string[] Kind =
        ["/reference", "/reference/535", "/reference/5.7.1", "/reference/441", "/reference/reason/mailboxFull", "/reference/compare", "/reference/compare/221/235", "/reference/compare/354/5.7.26"];

    // A reply that has all that an answer can have: a provider, advice with its source, a text to send.
    private const string Gmail = "550-5.7.26+This+mail+has+been+blocked+because+the+sender+is+unauthenticated.+Gmail+requires+all+senders+to+authenticate+with+either+SPF+or+DKIM.";

    private static readonly string[] More =
    [
        "/reference/421", "/reference/2.1.5", "/reference/4.7.500-699", "/reference/535/5.7.8", "/reference/299", "/reference/999",
        "/reference/reason/undefined", "/reference/reason/senderAuthenticationFailed", "/reference/reason/nonsense", "/reference/compare?a=5.7.1",
        "/reference/compare/221/221", "/reference/compare/5.1.1/5.7.1",
    ];

    /// <summary>A page of every kind, in each language where it has more than one.</summary>
    public static IEnumerable<string> Kinds(BrowserFixture fixture) =>
    [
        .. InEach(Kind), "/reference?q=450+5.1.1+no+such+user&lang=en", "/reference?q=zzz&lang=en",
        $"/reference?q={Gmail}&lang=en", $"/reference?q={Gmail}&lang=th", "/reference/999?lang=en",
        "/", "/sessions", $"/sessions/{fixture.Captured.Session}", "/queue", $"/messages/{fixture.Captured.Message}", "/nothing",
    ];

    /// <summary>Those, and others of the same kinds.</summary>
    public static IEnumerable<string> All(BrowserFixture fixture) => Kinds(fixture).Union(InEach(More));

    private static IEnumerable<string> InEach(string[] paths) => paths.SelectMany(path => new[] { "en", "th" }.Select(language => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}lang={language}"));
}
