using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Pillarbox.Configuration;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Commands;

/// <summary><c>account</c>: the accounts of the file that a configuration names.</summary>
internal static class AccountCommand
{
    public static Command Create()
    {
        var command = new Command("account", "Add, remove and list the accounts that may log in.");
        command.Add(Add());
        command.Add(Password());
        command.Add(Change());
        command.Add(Named("remove", "Remove an account.", (_, editor, name, cancellationToken) => RemoveAsync(editor, name, cancellationToken)));
        command.Add(List());
        return command;
    }

    private static Command Add()
    {
        var sender = SenderOption();
        var readable = ReadableOption();
        var command = Named(
            "add", "Add an account. The password is read from the terminal, or as a line of standard input.",
            (result, editor, name, cancellationToken) => AddAsync(editor, name, Senders(result.GetValue(sender)), result.GetValue(readable), cancellationToken));
        command.Add(sender);
        command.Add(readable);
        return command;
    }

    private static Command Password()
    {
        var readable = ReadableOption();
        var command = Named(
            "password", "Change an account's password, read from the terminal, or as a line of standard input.",
            (result, editor, name, cancellationToken) => ChangePasswordAsync(editor, name, result.GetValue(readable), cancellationToken));
        command.Add(readable);
        return command;
    }

    private static Command Change()
    {
        var sender = SenderOption();
        var anySender = new Option<bool>("--any-sender") { Description = "Let it send from any address again." };
        var disable = new Option<bool>("--disable") { Description = "Close it: no login is taken." };
        var enable = new Option<bool>("--enable") { Description = "Open it again." };
        var mustChange = new Option<bool>("--must-change-password") { Description = "Take no login until its password is changed." };
        var command = Named("change", "Change what an account may do.", (result, editor, name, cancellationToken) =>
        {
            if (result.GetValue(disable) && result.GetValue(enable))
                throw new CommandFault("--disable and --enable go against each other; give one");
            var senders = Senders(result.GetValue(sender));
            if (result.GetValue(anySender) && !senders.IsEmpty)
                throw new CommandFault("--sender and --any-sender go against each other; give one");
            return ChangeAsync(editor, name, account => account with
            {
                Senders = result.GetValue(anySender) ? [] : senders.IsEmpty ? account.Senders : senders,
                Disabled = !result.GetValue(enable) && (result.GetValue(disable) || account.Disabled),
                MustChangePassword = account.MustChangePassword || result.GetValue(mustChange),
            }, $"changed {name}", cancellationToken);
        });
        foreach (var option in new Option[] { sender, anySender, disable, enable, mustChange })
            command.Add(option);
        return command;
    }

    private static Option<string[]> SenderOption() => new("--sender")
    {
        Description = "An address that it may send from, or @DOMAIN for all of a domain; may recur. Not given: any.",
        HelpName = "ADDRESS",
    };

    private static Option<bool> ReadableOption() => new("--readable")
    {
        Description = "Keep the password readable too, which CRAM-MD5 needs: whoever gets the file has it then.",
    };

    private static ImmutableArray<string> Senders(string[]? given)
    {
        var wrong = given?.FirstOrDefault(text => !SenderRights.IsPattern(text));
        return wrong is null ? [.. given ?? []] : throw new CommandFault($"\"{wrong}\" is no sender: write ann@example.org, or @example.org for all of a domain");
    }

    private static Command Named(string verb, string description, Func<ParseResult, AccountsEditor, string, CancellationToken, Task> run)
    {
        var name = new Argument<string>("NAME") { Description = "The name that the account logs in with." };
        var config = CommonOptions.Config("The configuration file, which names the file of accounts.", required: true);
        var command = new Command(verb, description) { name, config };
        command.SetAction(async (result, cancellationToken) =>
        {
            await run(result, Editor(result.GetRequiredValue(config)), result.GetRequiredValue(name), cancellationToken);
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
                    Console.Out.WriteLine(string.Join("  ", Described(account)));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task AddAsync(AccountsEditor editor, string name, ImmutableArray<string> senders, bool readable, CancellationToken cancellationToken)
    {
        if (name.Length == 0 || name.Any(char.IsControl) || SaslPrep.Prepare(name) is null)
            throw new CommandFault("a name is not empty and has no control characters");
        if (editor.Read().Any(account => IsNamed(account, name)))
            throw new CommandFault($"there is an account {name} already; change its password with: pillarbox account password {name}");

        var verifiers = await NewVerifiersAsync(readable, cancellationToken);
        await editor.ChangeAsync(
            accounts => accounts.Exists(account => IsNamed(account, name))
                ? throw new CommandFault($"there is an account {name} already")
                : [.. accounts, new Account(name, verifiers) { Senders = senders }],
            cancellationToken);
        await Console.Out.WriteLineAsync($"added {name} to {editor.File}");
    }

    private static async Task ChangePasswordAsync(AccountsEditor editor, string name, bool readable, CancellationToken cancellationToken)
    {
        if (!editor.Read().Any(account => IsNamed(account, name)))
            throw NoSuch(name, editor);

        var verifiers = await NewVerifiersAsync(readable, cancellationToken);
        await ChangeAsync(
            editor, name, account => account with { Verifiers = verifiers, MustChangePassword = false }, $"changed the password of {name}", cancellationToken);
    }

    private static async Task ChangeAsync(AccountsEditor editor, string name, Func<Account, Account> change, string done, CancellationToken cancellationToken)
    {
        await editor.ChangeAsync(
            accounts => accounts.Exists(account => IsNamed(account, name))
                ? [.. accounts.Select(account => IsNamed(account, name) ? change(account) : account)]
                : throw NoSuch(name, editor),
            cancellationToken);
        await Console.Out.WriteLineAsync(done);
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

    private static async Task<ImmutableArray<string>> NewVerifiersAsync(bool readable, CancellationToken cancellationToken)
    {
        var password = await PasswordInput.ReadNewAsync(cancellationToken);
        if (SaslPrep.Prepare(password) is null)
            throw new CommandFault("a password has no control characters, and none that change how others are shown (RFC 4013)");
        return AccountSecrets.Create(password, readable);
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

    private static IEnumerable<string> Described(Account account)
    {
        yield return account.Name;
        yield return AccountSecrets.Mechanisms(account.Verifiers) is { IsEmpty: false } mechanisms ? string.Join(' ', mechanisms) : "no password";
        if (!account.Senders.IsEmpty)
            yield return $"sends from {string.Join(", ", account.Senders)}";
        if (account.Disabled)
            yield return "disabled";
        if (account.MustChangePassword)
            yield return "must change its password";
    }

    private static bool IsNamed(Account account, string name) => SaslPrep.AreSameName(account.Name, name);

    private static CommandFault NoSuch(string name, AccountsEditor editor) => new($"there is no account {name} in {editor.File}");

    private static void PrintJson(IReadOnlyList<Account> accounts) => JsonOutput.Print(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("accounts");
        foreach (var account in accounts)
        {
            writer.WriteStartObject();
            writer.WriteString("name", account.Name);
            WriteList(writer, "mechanisms", AccountSecrets.Mechanisms(account.Verifiers));
            WriteList(writer, "senders", account.Senders);
            writer.WriteBoolean("disabled", account.Disabled);
            writer.WriteBoolean("mustChangePassword", account.MustChangePassword);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteList(Utf8JsonWriter writer, string name, ImmutableArray<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
