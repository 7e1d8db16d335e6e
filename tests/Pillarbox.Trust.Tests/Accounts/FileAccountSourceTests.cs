using Pillarbox.Protocol.Sasl;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Trust.Tests.Accounts;

public sealed class FileAccountSourceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pillarbox-accounts-").FullName;
    private readonly List<string> _reports = [];

    private string AccountFile => Path.Combine(_directory, "accounts.toml");

    [Fact]
    public async Task Right_password_is_verified_with_the_name_of_the_file()
    {
        Write(("Ann@example.org", "secret"));
        using var source = Open();

        Assert.Equal(new LoginAnswer(LoginOutcome.Verified, "Ann@example.org"), await VerifyAsync(source, "ann@EXAMPLE.org", "secret"));
    }

    [Theory]
    [InlineData("ann", "Secret")]
    [InlineData("ann", "")]
    [InlineData("bob", "secret")]
    [InlineData("", "secret")]
    public async Task Wrong_password_and_unknown_name_get_the_same_answer(string name, string password)
    {
        Write(("ann", "secret"));
        using var source = Open();

        Assert.Equal(new LoginAnswer(LoginOutcome.Refused), await VerifyAsync(source, name, password));
    }

    [Fact]
    public async Task Account_without_a_verifier_is_refused()
    {
        AccountsFile.Write(AccountFile, [new Account("ann", [])]);
        using var source = Open();

        Assert.Equal(LoginOutcome.Refused, (await VerifyAsync(source, "ann", "")).Outcome);
    }

    [Fact]
    public async Task Account_that_others_vouch_for_is_found_by_name_with_what_holds_of_it()
    {
        AccountsFile.Write(AccountFile,
        [
            new Account("Ann@example.org", []) { Senders = ["@example.net"], MustChangePassword = true },
            new Account("bob@example.org", []) { Disabled = true },
        ]);
        using var source = Open();

        var ann = await source.FindAccountAsync("ann@example.org", TestContext.Current.CancellationToken);

        // A password that must be changed keeps nobody out who does not use it.
        Assert.Equal((LoginOutcome.Verified, "Ann@example.org", "@example.net"), (ann.Outcome, ann.Account, Assert.Single(ann.Senders!.Patterns)));
        Assert.Equal(LoginOutcome.Disabled, (await source.FindAccountAsync("bob@example.org", TestContext.Current.CancellationToken)).Outcome);
        Assert.Equal(new LoginAnswer(LoginOutcome.Refused), await source.FindAccountAsync("eve@example.org", TestContext.Current.CancellationToken));
        Assert.Subset(source.Mechanisms.ToHashSet(), VouchedLogin.Mechanisms.ToHashSet());
    }

    [Fact]
    public async Task Account_without_a_password_takes_scram_from_nobody_else()
    {
        AccountsFile.Write(AccountFile, [new Account("ann", AccountSecrets.Create("secret", readable: false)), new Account("bob@example.org", [])]);
        using var source = Open();

        Assert.Contains("SCRAM-SHA-256", source.Mechanisms);
        Assert.NotNull((await source.FindCredentialAsync("bob@example.org", "SCRAM-SHA-256", TestContext.Current.CancellationToken)).Credential);
    }

    [Fact]
    public async Task Changed_file_takes_effect_with_the_next_login()
    {
        using var source = Open();
        Assert.Equal(LoginOutcome.Refused, (await VerifyAsync(source, "ann", "secret")).Outcome);

        Write(("ann", "secret"));

        Assert.Equal(LoginOutcome.Verified, (await VerifyAsync(source, "ann", "secret")).Outcome);
        Assert.Empty(_reports);
    }

    [Fact]
    public async Task Faulty_file_is_reported_once_and_what_was_read_stays()
    {
        Write(("ann", "secret"));
        using var source = Open();

        await File.WriteAllTextAsync(AccountFile, "[[accounts]]\ncolour = 1\n", TestContext.Current.CancellationToken);

        Assert.Equal(LoginOutcome.Verified, (await VerifyAsync(source, "ann", "secret")).Outcome);
        Assert.Equal(LoginOutcome.Verified, (await VerifyAsync(source, "ann", "secret")).Outcome);
        Assert.StartsWith($"{AccountFile}:2: accounts[0].colour: unknown key", Assert.Single(_reports), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ann", "example.org", true)]
    [InlineData("ANN", "example.net", true)]
    [InlineData("bob", "example.org", true)]
    [InlineData("bob", "example.net", false)]
    [InlineData("cid", "example.org", false)]
    public async Task Recipient_is_known_by_local_part_or_by_whole_address(string local, string domain, bool isKnown)
    {
        Write(("ann", "secret"), ("bob@example.org", "secret"));
        using var source = Open();

        Assert.Equal(isKnown, await source.HasRecipientAsync(local, domain, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("J\u00F6rg")]
    [InlineData("Jo\u0308rg")]
    [InlineData("J\u00F6\u00ADrg")]
    [InlineData("J\u00D6RG")]
    public async Task Name_and_password_match_however_they_are_composed(string stored)
    {
        AccountsFile.Write(AccountFile, [new Account(stored, AccountSecrets.Create("p\u00A0w \u00E9", readable: true))]);
        using var source = Open();

        foreach (var name in new[] { "J\u00F6rg", "jo\u0308rg", "J\u00ADo\u0308rg" })
        {
            Assert.Equal(new LoginAnswer(LoginOutcome.Verified, stored), await VerifyAsync(source, name, "p w e\u0301"));
            Assert.Equal(LoginOutcome.Verified, (await source.FindCredentialAsync(name, "SCRAM-SHA-256", TestContext.Current.CancellationToken)).Login.Outcome);
            Assert.True(((IAccountSource)source).MayActAs(stored, name));
            Assert.True(await source.HasRecipientAsync(name, "example.org", TestContext.Current.CancellationToken));
        }

        Assert.False(((IAccountSource)source).MayActAs(stored, "Jorg"));
    }

    [Fact]
    public async Task Names_that_come_to_the_same_are_a_fault()
    {
        AccountsFile.Write(AccountFile, [new Account("J\u00F6rg", []), new Account("jo\u0308rg", [])]);

        Assert.Contains("is there twice", Assert.Single(AccountsFile.Read(AccountFile).Faults).Message, StringComparison.Ordinal);
        using var source = Open();
        Assert.Equal(LoginOutcome.Refused, (await VerifyAsync(source, "J\u00F6rg", "secret")).Outcome);
    }

    [Fact]
    public async Task Unknown_name_gets_salts_as_a_known_one_does()
    {
        AccountsFile.Write(AccountFile, [new Account("ann", AccountSecrets.Create("secret", readable: false)), new Account("bob", AccountSecrets.Create("secret", readable: false))]);
        using var source = Open();
        using var restarted = Open();
        ScramHash[] hashes = [.. ScramHash.All];

        foreach (var name in new[] { "ann", "nobody", "n\u00F6body" })
        {
            var first = await FindAsync(source, name, hashes);

            // The same at each asking, after a restart, in any case and composition, and of PLUS; another for each hash.
            Assert.Equal(Salts(first), Salts(await FindAsync(source, name, hashes)));
            Assert.Equal(Salts(first), Salts(await FindAsync(restarted, name.ToUpperInvariant(), hashes)));
            Assert.Equal(Salts(first), Salts(await FindAsync(source, name.Replace("\u00F6", "o\u0308", StringComparison.Ordinal), hashes, "-PLUS")));
            Assert.Equal(hashes.Length, Salts(first).Distinct().Count());
            Assert.All(first, credential => Assert.Equal((16, 10_000), (credential.Salt.Length, credential.Iterations)));
        }

        Assert.NotEqual(Salts(await FindAsync(source, "nobody", hashes)), Salts(await FindAsync(source, "nobody2", hashes)));
    }

    [Fact]
    public async Task Logins_beyond_what_may_wait_are_told_so_and_none_is_lost()
    {
        Write(("ann", "secret"));
        using var source = Open();

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => VerifyAsync(source, "ann", "secret")));

        Assert.All(answers, answer => Assert.Contains(answer.Outcome, new[] { LoginOutcome.Verified, LoginOutcome.Unavailable }));
        Assert.Contains(answers, answer => answer.Outcome == LoginOutcome.Unavailable);
        Assert.True(answers.Count(answer => answer.Outcome == LoginOutcome.Verified) >= 256);
    }

    [Fact]
    public async Task Account_that_others_vouch_for_waits_behind_nobodys_password()
    {
        Write(("ann", "secret"));
        using var source = Open();

        var checks = Enumerable.Range(0, 200).Select(_ => VerifyAsync(source, "ann", "secret")).ToList();
        var found = await source.FindAccountAsync("ann", TestContext.Current.CancellationToken);
        var areAllDone = checks.TrueForAll(check => check.IsCompleted);

        Assert.Equal((LoginOutcome.Verified, false), (found.Outcome, areAllDone));
        await Task.WhenAll(checks);
    }

    [Fact]
    public async Task Check_runs_on_no_thread_of_the_pool()
    {
        using var workers = new PasswordWorkers(threads: 2, waiting: 4);
        var caller = Environment.CurrentManagedThreadId;
        var (worker, isPool) = (0, true);

        await workers.RunAsync(
            () =>
            {
                (worker, isPool) = (Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread);
                return new LoginAnswer(LoginOutcome.Refused);
            },
            TestContext.Current.CancellationToken);

        Assert.NotEqual(caller, worker);
        Assert.False(isPool);
    }

    [Fact]
    public async Task Check_that_fails_fails_its_login_alone()
    {
        using var workers = new PasswordWorkers(threads: 1, waiting: 4);

        await Assert.ThrowsAsync<InvalidOperationException>(() => workers.RunAsync(() => throw new InvalidOperationException(), TestContext.Current.CancellationToken));

        Assert.NotNull(await workers.RunAsync(() => new LoginAnswer(LoginOutcome.Refused), TestContext.Current.CancellationToken));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<List<ScramCredential>> FindAsync(FileAccountSource source, string name, IEnumerable<ScramHash> hashes, string suffix = "")
    {
        var found = new List<ScramCredential>();
        foreach (var hash in hashes)
            found.Add(Assert.IsType<ScramCredential>((await source.FindCredentialAsync(name, hash.Mechanism + suffix, TestContext.Current.CancellationToken)).Credential));
        return found;
    }

    private static List<string> Salts(IEnumerable<ScramCredential> credentials) => [.. credentials.Select(credential => Convert.ToHexString(credential.Salt.Span))];

    private FileAccountSource Open() => new(AccountFile, _reports.Add);

    private void Write(params (string Name, string Password)[] accounts) =>
        AccountsFile.Write(AccountFile, accounts.Select(account => new Account(account.Name, [PasswordVerifier.Create(account.Password).ToString()])));

    private static async Task<LoginAnswer> VerifyAsync(FileAccountSource source, string name, string password) =>
        await source.VerifyPasswordAsync(name, password, TestContext.Current.CancellationToken);
}
