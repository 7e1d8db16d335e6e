using System.Text.Json;

namespace Pillarbox.Tests.Commands;

public sealed class AccountCommandTests : IDisposable
{
    private const string Password = "SCRAM-SHA-512 SCRAM-SHA-256 SCRAM-SHA-1 PLAIN LOGIN";

    private readonly TemporaryDirectory _directory = new();
    private readonly string _config;

    public AccountCommandTests() => _config = _directory.Write("pillarbox.toml", "hostname = \"mx.example.org\"\n");

    private string AccountsFile => Path.Combine(_directory.Path, "accounts.toml");

    [Fact]
    public async Task Accounts_are_added_listed_changed_and_removed()
    {
        var password = Guid.NewGuid().ToString();

        var added = await AccountAsync("add ann", password + "\n");
        Assert.Equal((0, ""), (added.ExitCode, added.Error));
        Assert.Equal(0, (await AccountAsync("add \"b@example.org", password + "\n")).ExitCode);
        var first = await File.ReadAllTextAsync(AccountsFile, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(password, first, StringComparison.Ordinal);
        Assert.Contains("$argon2id$v=19$", first, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(AccountsFile));

        Assert.Equal($"ann  {Password}\n\"b@example.org  {Password}\n", (await AccountAsync("list")).Output);
        using (var document = JsonDocument.Parse((await AccountAsync("list --json")).Output))
            Assert.Equal(["ann", "\"b@example.org"], document.RootElement.GetProperty("accounts").EnumerateArray().Select(a => a.GetProperty("name").GetString()));

        Assert.Equal(0, (await AccountAsync("password ANN", Guid.NewGuid() + "\n")).ExitCode);
        Assert.NotEqual(first, await File.ReadAllTextAsync(AccountsFile, TestContext.Current.CancellationToken));

        Assert.Equal(0, (await AccountAsync("remove ann")).ExitCode);
        Assert.Equal($"\"b@example.org  {Password}\n", (await AccountAsync("list")).Output);
    }

    [Fact]
    public async Task List_says_by_which_mechanisms_an_account_can_log_in()
    {
        await AccountAsync("add ann --readable", "secret\n");
        Assert.Equal($"ann  {Password} CRAM-MD5\n", (await AccountAsync("list")).Output);

        // Who changes the password says anew whether it is kept readable.
        await AccountAsync("password ann", "another\n");
        Assert.Equal($"ann  {Password}\n", (await AccountAsync("list")).Output);

        await File.WriteAllTextAsync(AccountsFile, "[[accounts]]\nname = \"bob\"\nverifiers = []\n", TestContext.Current.CancellationToken);
        Assert.Equal("bob  no password\n", (await AccountAsync("list")).Output);
    }

    [Fact]
    public async Task Account_is_changed_and_the_list_tells_all_of_it()
    {
        await AccountAsync("add ann --sender ann@example.org --sender @example.net --readable", "secret\n");

        Assert.Equal((0, "changed ann\n"), Done(await AccountAsync("change ann --disable --must-change-password")));
        Assert.Equal($"ann  {Password} CRAM-MD5  sends from ann@example.org, @example.net  disabled  must change its password\n", (await AccountAsync("list")).Output);
        using (var document = JsonDocument.Parse((await AccountAsync("list --json")).Output))
        {
            var account = Assert.Single(document.RootElement.GetProperty("accounts").EnumerateArray());
            Assert.Equal([.. Password.Split(' '), "CRAM-MD5"], account.GetProperty("mechanisms").EnumerateArray().Select(each => each.GetString()));
            Assert.Equal(["ann@example.org", "@example.net"], account.GetProperty("senders").EnumerateArray().Select(each => each.GetString()));
            Assert.True(account.GetProperty("disabled").GetBoolean() && account.GetProperty("mustChangePassword").GetBoolean());
        }

        Assert.Equal((0, "changed ann\n"), Done(await AccountAsync("change ann --enable --any-sender")));
        Assert.Equal((0, "changed the password of ann\n"), Done(await AccountAsync("password ann", "another\n")));
        Assert.Equal($"ann  {Password}\n", (await AccountAsync("list")).Output);
    }

    [Theory]
    [InlineData("change ann --disable --enable", "--disable and --enable go against each other")]
    [InlineData("change ann --any-sender --sender @example.org", "--sender and --any-sender go against each other")]
    [InlineData("change ann --sender nobody", "\"nobody\" is no sender")]
    [InlineData("password ann", "a password has no control characters", "se\u200Ecret\n")]
    [InlineData("password ann", "a password has no control characters", "\u0627\u0031\n")]
    [InlineData("add bo\u200Eb", "a name is not empty and has no control characters", "secret\n")]
    [InlineData("add a\u00ADnn", "there is an account a\u00ADnn already", "secret\n")]
    public async Task Change_that_makes_no_sense_is_said_and_nothing_written(string arguments, string said, string input = "")
    {
        await AccountAsync("add ann", "secret\n");
        var before = await File.ReadAllTextAsync(AccountsFile, TestContext.Current.CancellationToken);

        var finished = await AccountAsync(arguments, input);

        Assert.Equal(1, finished.ExitCode);
        Assert.StartsWith($"pillarbox: {said}", finished.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(AccountsFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Account_that_is_there_is_not_added_again()
    {
        await AccountAsync("add ann", "one\n");

        var again = await AccountAsync("add Ann", "two\n");

        Assert.Equal(1, again.ExitCode);
        Assert.StartsWith("pillarbox: there is an account Ann already", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("remove ann", "")]
    [InlineData("password ann", "secret\n")]
    public async Task Account_that_is_not_there_ends_with_1(string arguments, string input)
    {
        var finished = await AccountAsync(arguments, input);

        Assert.Equal((1, $"pillarbox: there is no account ann in {AccountsFile}\n"), (finished.ExitCode, finished.Error));
    }

    [Fact]
    public async Task Empty_password_is_refused_and_nothing_written()
    {
        var finished = await AccountAsync("add ann", "\n");

        Assert.Equal((1, "pillarbox: there is no password: it is empty\n"), (finished.ExitCode, finished.Error));
        Assert.False(File.Exists(AccountsFile));
    }

    [Fact]
    public async Task Accounts_added_at_once_are_all_kept()
    {
        var names = Enumerable.Range(0, 4).Select(i => $"user{i}").ToList();

        var all = await Task.WhenAll(names.Select(name => AccountAsync($"add {name}", "secret\n")));

        Assert.All(all, finished => Assert.Equal((0, ""), (finished.ExitCode, finished.Error)));
        Assert.Equal(names, (await AccountAsync("list")).Output.TrimEnd().Split('\n').Select(line => line.Split(' ')[0]).Order());
    }

    [Fact]
    public async Task Faulty_file_is_said_and_left_alone()
    {
        await File.WriteAllTextAsync(AccountsFile, "[[accounts]]\nnane = \"ann\"\n", TestContext.Current.CancellationToken);

        var finished = await AccountAsync("add bob", "secret\n");

        Assert.Equal(1, finished.ExitCode);
        Assert.StartsWith($"pillarbox: {AccountsFile}:2: accounts[0].nane: unknown key", finished.Error, StringComparison.Ordinal);
        Assert.Equal("[[accounts]]\nnane = \"ann\"\n", await File.ReadAllTextAsync(AccountsFile, TestContext.Current.CancellationToken));
    }

    public void Dispose() => _directory.Dispose();

    private static (int ExitCode, string Output) Done(Finished finished) => (finished.ExitCode, finished.Output);

    private Task<Finished> AccountAsync(string arguments, string input = "") =>
        BuiltProgram.RunAsync(["account", .. arguments.Split(' '), "--config", _config], input);
}
