using System.Diagnostics;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Trust.Tests.Accounts;

public sealed class AccountsFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pillarbox-accounts-").FullName;

    private string AccountFile => Path.Combine(_directory, "accounts.toml");

    [Fact]
    public void File_is_read_as_it_was_written()
    {
        Account[] accounts =
        [
            new("ann", [PasswordVerifier.Nobody().ToString()]),
            new("\"quoted\\\" [name] = 'x' # ü", []),
            new("two", [PasswordVerifier.Nobody().ToString(), PasswordVerifier.Nobody().ToString()]),
        ];

        AccountsFile.Write(AccountFile, accounts);
        var read = AccountsFile.Read(AccountFile);

        Assert.Empty(read.Faults);
        Assert.Equal(accounts.Select(account => account.Name), read.Accounts.Select(account => account.Name));
        Assert.Equal(accounts.SelectMany(account => account.Verifiers), read.Accounts.SelectMany(account => account.Verifiers));
    }

    [Fact]
    public void File_is_its_owners_alone_even_where_it_was_not()
    {
        File.WriteAllText(AccountFile, "");
        File.SetUnixFileMode(AccountFile, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        AccountsFile.Write(AccountFile, []);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(AccountFile));
        Assert.Equal([AccountFile], Directory.GetFiles(_directory));
    }

    [Fact]
    public void File_written_by_the_superuser_goes_on_belonging_to_its_owner()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only the superuser can give files away");
        File.WriteAllText(AccountFile, "");
        Run("chown", "65534:65533", AccountFile);
        AccountsFile.Write(AccountFile, [new Account("ann", [])]);
        Assert.Equal("65534:65533", Run("stat", "-c", "%u:%g", AccountFile));

        // A new one goes to the owner of its directory.
        File.Delete(AccountFile);
        Run("chown", "65532:65531", _directory);
        AccountsFile.Write(AccountFile, []);
        Assert.Equal("65532:65531", Run("stat", "-c", "%u:%g", AccountFile));
    }

    [Fact]
    public void File_that_the_parser_stumbles_over_is_a_fault_like_others()
    {
        Assert.Contains("within an escape", Assert.Single(AccountsFile.Parse("[[accounts]]\nname = \"ann\\").Faults).Message, StringComparison.Ordinal);
        Assert.Contains("too deep", Assert.Single(AccountsFile.Parse($"[[accounts]]\nsenders = {new string('[', 10_000)}").Faults).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$plain$\\nc2VjcmV0")]
    [InlineData("$plain$c2Vj cmV0")]
    [InlineData("$argon2id$v=19$m=8,t=1\\u0000,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw")]
    public void Verifier_that_could_not_be_written_again_is_a_fault(string verifier)
    {
        var fault = Assert.Single(AccountsFile.Parse($"[[accounts]]\nname = \"ann\"\nverifiers = [\"{verifier}\"]\n").Faults);

        Assert.Equal("accounts[0].verifiers", fault.Key);
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    [Fact]
    public void Link_goes_on_naming_its_file()
    {
        var link = Path.Combine(_directory, "link.toml");
        File.WriteAllText(AccountFile, "");
        File.CreateSymbolicLink(link, AccountFile);

        AccountsFile.Write(link, [new Account("ann", [])]);

        Assert.Equal(AccountFile, File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName);
        Assert.Equal("ann", Assert.Single(AccountsFile.Read(AccountFile).Accounts).Name);
    }

    [Theory]
    [InlineData("x = 1", 1)]
    [InlineData("[accounts]", 1)]
    [InlineData("[[accounts]]\nname = 1\nverifiers = []", 2)]
    [InlineData("[[accounts]]\nname = \"\"\nverifiers = []", 2)]
    [InlineData("[[accounts]]\nname = \"a\\u0000\"\nverifiers = []", 2)]
    [InlineData("[[accounts]]\nname = \"a\"", 1)]
    [InlineData("[[accounts]]\nname = \"a\"\nverifiers = [\"plain\"]", 3)]
    [InlineData("[[accounts]]\nname = \"a\"\nverifiers = []\nverifiers = []", 4)]
    [InlineData("[[accounts]]\nname = \"a\"\nverifiers = []\n[[accounts]]\nname = \"A\"\nverifiers = []", 4)]
    [InlineData("[[accounts]]\nname = \"a", 2)]
    public void Faulty_file_gets_its_line_told(string text, int line) => Assert.Contains(AccountsFile.Parse(text).Faults, fault => fault.Line == line);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
