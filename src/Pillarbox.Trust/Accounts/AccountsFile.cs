using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Pillarbox.Trust.Accounts;

/// <summary>Something wrong in a file of accounts.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Key">The key, such as <c>accounts[0].name</c>; may be empty.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record AccountsFault(int Line, string Key, string Message);

/// <summary>What a file of accounts holds, and what is wrong with it.</summary>
public sealed record AccountsReading(ImmutableArray<Account> Accounts, ImmutableArray<AccountsFault> Faults);

/// <summary>
/// The file of accounts: TOML, an <c>[[accounts]]</c> each, with <c>name</c> and <c>verifiers</c>. Readable by its owner alone, and
/// replaced as a whole, so that a reader sees the old one or the new one.
/// </summary>
public static class AccountsFile
{
    private const string Heading = "# Accounts of Pillarbox, written by `pillarbox account`. A change takes effect at once.\n";

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static AccountsReading Read(string file) => Parse(File.ReadAllText(file));

    /// <summary>Reads what a file holds.</summary>
    public static AccountsReading Parse(string text)
    {
        if (!TryParse(text, out var document, out var unreadable))
            return new AccountsReading([], [unreadable]);
        var faults = ImmutableArray.CreateBuilder<AccountsFault>();
        foreach (var diagnostic in document.Diagnostics.Where(d => d.Kind == DiagnosticMessageKind.Error))
            faults.Add(new AccountsFault(diagnostic.Span.Start.Line + 1, "", $"not TOML: {diagnostic.Message.TrimEnd('.')}"));
        foreach (var pair in document.KeyValues)
            faults.Add(new AccountsFault(Line(pair), $"{pair.Key}".Trim(), "stands outside of [[accounts]]; put it below one"));

        var accounts = ImmutableArray.CreateBuilder<Account>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var table in document.Tables)
        {
            if (table is not TableArraySyntax || $"{table.Name}".Trim() != "accounts")
                faults.Add(new AccountsFault(Line(table), $"{table.Name}".Trim(), "unknown table; an account is written [[accounts]]"));
            else if (ReadAccount(table, $"accounts[{accounts.Count}]", faults) is { } account)
            {
                if (!names.Add(SaslPrep.Key(account.Name)))
                    faults.Add(new AccountsFault(Line(table), $"accounts[{accounts.Count}].name", $"\"{account.Name}\" is there twice; keep one"));
                accounts.Add(account);
            }
        }

        return new AccountsReading(accounts.DrainToImmutable(), faults.DrainToImmutable());
    }

    /// <summary>
    /// Replaces a file: durable, and its owner's alone, before it takes the place of what was there. It goes on belonging to whom it
    /// belonged; a new one, where the superuser writes it, to the owner of its directory.
    /// </summary>
    /// <exception cref="IOException">It cannot be written, and what was there stays; or its name may not be on the disk yet.</exception>
    public static void Write(string file, IEnumerable<Account> accounts)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        var text = new StringBuilder(Heading);
        foreach (var account in accounts)
        {
            text.Append("\n[[accounts]]\nname = ").Append(Quote(account.Name)).Append("\nverifiers = [");
            text.AppendJoin(", ", account.Verifiers.Select(Quote)).Append("]\n");
            AppendList(text, "senders", account.Senders);
            if (account.Disabled)
                text.Append("disabled = true\n");
            if (account.MustChangePassword)
                text.Append("must-change-password = true\n");
        }

        // A link goes on naming its file.
        var linked = File.Exists(file) ? File.ResolveLinkTarget(file, returnFinalTarget: true) : null;
        var target = linked?.FullName ?? Path.GetFullPath(file);
        var next = $"{target}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var directory = Path.GetDirectoryName(target)!;
        // What an interrupted change left; a new file is made, so that no link is followed.
        File.Delete(next);
        using (var stream = new FileStream(next, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
            FileOwner.GiveToOwnerOf(stream.SafeFileHandle, File.Exists(target) ? target : directory);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, target, overwrite: true);
        FileOwner.SyncDirectory(directory);
    }

    // Two faults the parser does not tell like the others: it throws where values are nested beyond its depth, and where a file ends within an escape.
    private static bool TryParse(string text, [NotNullWhen(true)] out DocumentSyntax? document, [NotNullWhen(false)] out AccountsFault? fault)
    {
        document = null;
        fault = null;
        try
        {
            document = SyntaxParser.Parse(text, "accounts", validate: false);
            return true;
        }
        catch (TomlException tooDeep)
        {
            fault = new AccountsFault(tooDeep.Line ?? 1, "", "not TOML that could be accounts: values are nested too deep");
        }
        catch (ArgumentOutOfRangeException)
        {
            fault = new AccountsFault(text.Count(c => c == '\n') + 1, "", "not TOML: the file ends within an escape of a text");
        }

        return false;
    }

    private static Account? ReadAccount(TableSyntaxBase table, string path, ImmutableArray<AccountsFault>.Builder faults)
    {
        var account = new Account("", default);
        var has = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in table.Items)
        {
            var key = $"{pair.Key}".Trim();
            if (!has.Add(key))
                faults.Add(new AccountsFault(Line(pair), $"{path}.{key}", "is there twice; keep one"));
            if (ReadKey(key, pair.Value, ref account) is { } fault)
                faults.Add(new AccountsFault(Line(pair), $"{path}.{key}", fault));
        }

        if (!has.Contains("name"))
            faults.Add(new AccountsFault(Line(table), $"{path}.name", "is missing; write the name that the account logs in with"));
        if (!has.Contains("verifiers"))
            faults.Add(new AccountsFault(Line(table), $"{path}.verifiers", "is missing; set a password with `pillarbox account password`"));
        return account.Name.Length > 0 && !account.Verifiers.IsDefault ? account : null;
    }

    // Reads one key of an account; says what is wrong with it.
    private static string? ReadKey(string key, ValueSyntax? value, ref Account account)
    {
        switch (key)
        {
            case "name":
                if (value is not StringValueSyntax { Value: { Length: > 0 } name } || name.Any(char.IsControl))
                    return "is no name; write a string without control characters";
                account = account with { Name = name };
                return null;
            case "verifiers":
                if (Strings(value) is not { } verifiers)
                    return "is no array of strings";
                account = account with { Verifiers = verifiers };
                return verifiers.All(AccountSecrets.IsKnown) ? null : "has a verifier of no known scheme; write it with `pillarbox account password`";
            case "senders":
                if (Strings(value) is not { } senders || !senders.All(SenderRights.IsPattern))
                    return "is no array of addresses; write [\"ann@example.org\", \"@example.net\"]";
                account = account with { Senders = senders };
                return null;
            case "disabled":
                if (value is not BooleanValueSyntax disabled)
                    return "is neither true nor false";
                account = account with { Disabled = disabled.Value };
                return null;
            case "must-change-password":
                if (value is not BooleanValueSyntax must)
                    return "is neither true nor false";
                account = account with { MustChangePassword = must.Value };
                return null;
            default:
                return "unknown key; an account has name, verifiers, senders, disabled and must-change-password";
        }
    }

    private static ImmutableArray<string>? Strings(ValueSyntax? value) =>
        value is ArraySyntax array && array.Items.All(item => item.Value is StringValueSyntax { Value: not null })
            ? [.. array.Items.Select(item => ((StringValueSyntax)item.Value!).Value!)]
            : null;

    private static void AppendList(StringBuilder text, string key, ImmutableArray<string> values)
    {
        if (!values.IsEmpty)
            text.Append(key).Append(" = [").AppendJoin(", ", values.Select(Quote)).Append("]\n");
    }

    private static int Line(SyntaxNodeBase node) => node.Span.Start.Line + 1;

    // A basic string (TOML 1.0, "String"); names have no control characters, verifiers neither.
    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
