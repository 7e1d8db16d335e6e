using Pillarbox.Interop.Tests.Clients;

namespace Pillarbox.Interop.Tests.Logins;

/// <summary>
/// Names and passwords beyond ASCII (SASLprep, RFC 4013): whichever way a keyboard composes them, by clients that prepare what they send and by
/// those that send it as typed.
/// </summary>
public sealed class SpellingTests(SpellingTests.SpellingServer server) : IClassFixture<SpellingTests.SpellingServer>
{
    // A letter of one part or of two; a no-break space or a plain one; the Roman numeral nine or its letters; a soft hyphen or none.
    private static readonly (string Name, string Password)[] _spellings =
    [
        ("J\u00F6rg", "p\u00E4ss\u00A0w\u2168rd"),
        ("Jo\u0308rg", "pa\u0308ss wIXrd"),
        ("j\u00F6\u00ADrg", "p\u00E4ss\u3000w\u00ADIXrd"),
    ];

    // Written from the right, with a digit inside.
    private static readonly (string Name, string Password)[] _fromTheRight = [("\u05D0\u05D1\u05D2", "\u0627\u0628\u06F1\u0628"), ("\u05D0\u05D1\u05D2", "\u0627\u0628\u00AD\u06F1\u0628")];

    [Theory]
    [InlineData("swaks", "PLAIN")]
    [InlineData("swaks", "LOGIN")]
    [InlineData("curl", "PLAIN")]
    [InlineData("smtplib", "PLAIN")]
    [InlineData("nodemailer", "LOGIN")]
    [InlineData("msmtp", "PLAIN")]
    [InlineData("msmtp", "SCRAM-SHA-256")]
    [InlineData("gsasl", "PLAIN")]
    [InlineData("gsasl", "SCRAM-SHA-1")]
    [InlineData("gsasl", "SCRAM-SHA-256")]
    [InlineData("MailKit", "PLAIN")]
    [InlineData("MailKit", "SCRAM-SHA-1")]
    [InlineData("MailKit", "SCRAM-SHA-256")]
    [InlineData("MailKit", "SCRAM-SHA-512")]
    public async Task Client_is_let_in_however_name_and_password_are_composed(string client, string mechanism)
    {
        var sessions = await Task.WhenAll(_spellings.Concat(_fromTheRight).Select(spelling => LogInAsync(client, mechanism, spelling.Name, spelling.Password + server.Secret(spelling.Name))));

        Assert.All(sessions, session => Assert.True(session.Succeeded, session.Transcript));
        Assert.All(sessions, session => Assert.Contains("235 2.7.0", session.Transcript, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("curl", "PLAIN")]
    [InlineData("gsasl", "SCRAM-SHA-256")]
    [InlineData("MailKit", "SCRAM-SHA-512")]
    public async Task Client_whose_password_only_looks_like_it_is_refused(string client, string mechanism)
    {
        // A letter without its dots; no space.
        var sessions = await Task.WhenAll(
            LogInAsync(client, mechanism, "J\u00F6rg", "pass w\u2168rd" + server.Secret("J\u00F6rg")), LogInAsync(client, mechanism, "J\u00F6rg", "p\u00E4ssw\u2168rd" + server.Secret("J\u00F6rg")));

        Assert.All(sessions, session => Assert.False(session.Succeeded, session.Transcript));
        Assert.All(sessions, session => Assert.Contains("535 5.7.8", session.Transcript, StringComparison.Ordinal));
    }

    private async Task<ClientSession> LogInAsync(string client, string mechanism, string user, string password)
    {
        var port = server.Logins.PortOf("all");
        return client == "gsasl"
            ? await GsaslClient.LogInAsync(port, mechanism, user, password)
            : await MailClient.All[client].SendAsync(new ClientTask(port, mechanism, user, password, TestMessages.Create("plain text", TestMessages.NewSubject())) { To = "bob@local.test" });
    }

    /// <summary>A server with two accounts that ASCII has no letters for.</summary>
    public sealed class SpellingServer : IAsyncLifetime
    {
        private readonly string _secret = Guid.NewGuid().ToString("N");

        /// <summary>The server.</summary>
        public LoginServer Logins { get; } = new();

        /// <summary>What a password has besides what the tests are about; from the right nothing, since that may hold no letters from the left.</summary>
        public string Secret(string name) => name[0] < '\u0590' ? _secret : "";

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            await Logins.InitializeAsync();
            foreach (var (name, password) in new[] { _spellings[0], _fromTheRight[0] })
                await Logins.AddAccountAsync(name, password + Secret(name));
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => Logins.DisposeAsync();
    }
}
