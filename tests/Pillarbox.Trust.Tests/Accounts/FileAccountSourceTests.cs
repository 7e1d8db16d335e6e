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

    private FileAccountSource Open() => new(AccountFile, _reports.Add);

    private void Write(params (string Name, string Password)[] accounts) =>
        AccountsFile.Write(AccountFile, accounts.Select(account => new Account(account.Name, [PasswordVerifier.Create(account.Password).ToString()])));

    private static async Task<LoginAnswer> VerifyAsync(FileAccountSource source, string name, string password) =>
        await source.VerifyPasswordAsync(name, password, TestContext.Current.CancellationToken);
}
