using System.CommandLine;
using Pillarbox.Configuration;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Commands;

/// <summary><c>account</c>: the accounts of the file that a configuration names.</summary>
internal static class AccountCommand
{
    public static Command Create()
    {
        var command = new Command("account", "Add, remove and list the accounts that may log in.");
        command.Add(Named("add", "Add an account. The password is read from the terminal, or as a line of standard input.", AddAsync));
        command.Add(Named("password", "Change an account's password, read from the terminal, or as a line of standard input.", ChangePasswordAsync));
        command.Add(Named("remove", "Remove an account.", RemoveAsync));
        command.Add(List());
        return command;
    }

    private static Command Named(string verb, string description, Func<AccountsEditor, string, CancellationToken, Task> run)
    {
        var name = new Argument<string>("NAME") { Description = "The name that the account logs in with." };
        var config = CommonOptions.Config("The configuration file, which names the file of accounts.", required: true);
        var command = new Command(verb, description) { name, config };
        command.SetAction(async (result, cancellationToken) =>
        {
            await run(Editor(result.GetRequiredValue(config)), result.GetRequiredValue(name), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List()
    {
        var config = CommonOptions.Config("The configuration file, which names the file of accounts.", required: true);
        var json = CommonOptions.Json();
        var command = new Command("list", "List the accounts.") { config, json };
        command.SetAction(result =>
        {
            var accounts = Editor(result.GetRequiredValue(config)).Read();
            if (result.GetValue(json))
                PrintJson(accounts);
            else
            {
                foreach (var account in accounts)
                    Console.Out.WriteLine(account.Name);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task AddAsync(AccountsEditor editor, string name, CancellationToken cancellationToken)
    {
        if (name.Length == 0 || name.Any(char.IsControl))
            throw new CommandFault("a name is not empty and has no control characters");
        if (editor.Read().Any(account => IsNamed(account, name)))
            throw new CommandFault($"there is an account {name} already; change its password with: pillarbox account password {name}");

        var verifier = await NewVerifierAsync(cancellationToken);
        await editor.ChangeAsync(
            accounts => accounts.Exists(account => IsNamed(account, name))
                ? throw new CommandFault($"there is an account {name} already")
                : [.. accounts, new Account(name, [verifier])],
            cancellationToken);
        await Console.Out.WriteLineAsync($"added {name} to {editor.File}");
    }

    private static async Task ChangePasswordAsync(AccountsEditor editor, string name, CancellationToken cancellationToken)
    {
        if (!editor.Read().Any(account => IsNamed(account, name)))
            throw NoSuch(name, editor);

        var verifier = await NewVerifierAsync(cancellationToken);
        await editor.ChangeAsync(
            accounts => accounts.Exists(account => IsNamed(account, name))
                ? [.. accounts.Select(account => IsNamed(account, name) ? account with { Verifiers = [verifier] } : account)]
                : throw NoSuch(name, editor),
            cancellationToken);
        await Console.Out.WriteLineAsync($"changed the password of {name}");
    }

    private static async Task RemoveAsync(AccountsEditor editor, string name, CancellationToken cancellationToken)
    {
        await editor.ChangeAsync(
            accounts => accounts.Exists(account => IsNamed(account, name))
                ? [.. accounts.Where(account => !IsNamed(account, name))]
                : throw NoSuch(name, editor),
            cancellationToken);
        await Console.Out.WriteLineAsync($"removed {name} from {editor.File}");
    }

    private static async Task<string> NewVerifierAsync(CancellationToken cancellationToken)
    {
        var password = await PasswordInput.ReadNewAsync(cancellationToken);
        return PasswordVerifier.Create(password).ToString();
    }

    private static AccountsEditor Editor(string config)
    {
        var settings = ConfigurationLoader.FromEnvironment().ReadSettings(config);
        // Of the configuration only this key matters here: the account may be what its other faults wait for.
        var fault = settings.Faults.FirstOrDefault(fault => fault.Key.Length == 0 || fault.Key == "accounts" || fault.Key.StartsWith("accounts.", StringComparison.Ordinal));
        if (fault is not null)
            throw new CommandFault(fault.ToString());
        if (settings.Get<string>("accounts.source") != "file")
            throw new CommandFault($"{settings.OriginOf("accounts.source")}: accounts.source is \"{settings.Get<string>("accounts.source")}\": there is no file of accounts to change");
        return new AccountsEditor(settings.Get<string>("accounts.file"));
    }

    private static bool IsNamed(Account account, string name) => account.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static CommandFault NoSuch(string name, AccountsEditor editor) => new($"there is no account {name} in {editor.File}");

    private static void PrintJson(IReadOnlyList<Account> accounts) => JsonOutput.Print(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("accounts");
        foreach (var account in accounts)
        {
            writer.WriteStartObject();
            writer.WriteString("name", account.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
