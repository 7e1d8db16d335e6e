using System.Text;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Fuzzing;

/// <summary>What stands in a file or a database of accounts, and what names and passwords are made into.</summary>
internal static class AccountTargets
{
    private static readonly byte[][] SecretTokens =
    [
        .. FuzzTarget.Texts("$", "$argon2id$", "v=19$", "m=19456", "t=2", "p=1", "$scram-sha-1$", "$scram-sha-256$", "$scram-sha-512$", "SCRAM-SHA-256$", "{SCRAM-SHA-256}", "i=4096", "i=10000000", "i=10000001", "i=-1", "i=+4096", "$plain$", ":", ",", "=", "==", " ", "\n", "\u0660"),
        [0], [0xff],
    ];

    private static readonly byte[][] FileTokens =
    [
        .. FuzzTarget.Texts(
            "[[accounts]]\n", "[accounts]\n", "name = ", "verifiers = ", "senders = ", "disabled = true\n", "must-change-password = true\n", "[", "]", "\"", "'", "\\", "\\\"", "\\u00AD", "\\u0308", "\\uD800", "\\n", "\n", "#", "\"@example.org\"", "\"ann@example.org\"", "\"\\\"a b\\\"@example.org\"", "\u00e4", "a\u0308"),
        [0], [0xff],
    ];

    private static readonly byte[][] TextTokens =
    [
        .. FuzzTarget.Texts(
            "\u00a0", "\u00ad", "\u200b", "\u200c", "\u200d", "\u3000", "\ufeff", "\u0308", "\u0301", "\u0345", "\u0327", "\u1100", "\u1161", "\u11a8", "\uac00", "\u2168", "\ufb01", "\ufdfa", "\u05d0", "\u0627", "\u0661", "\u06f1", "\u0e33", "\u0f73",
            "\u2126", "\u212b", "\u0340", "\u1e9b\u0323", "\ud834\udd5e", "\ud835\udc00", "\udb40\udc01", "\ue000", "\ufffd", "\uffff"),
        [0], [7], [0x7f], [0xff],
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("secrets", Secrets, () => Corpus.Of("secrets")) { Tokens = SecretTokens, MaxLength = 1 << 11 },
        new("accounts", File, () => Corpus.Of("accounts")) { Tokens = FileTokens, MaxLength = 1 << 12 },
        new("saslprep", Prepare, () => Corpus.Of("saslprep")) { Tokens = TextTokens, MaxLength = 1 << 10 },
    ];

    private static void Secrets(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (!AccountSecrets.TryRead([text], out var secrets))
        {
            FuzzTarget.Require(!AccountSecrets.IsKnown(text), "a form that is known and cannot be read");
            return;
        }

        FuzzTarget.Require(!text.Any(char.IsControl) && Ascii.IsValid(text), "a form that a file of accounts cannot hold");
        FuzzTarget.Require(secrets.Passwords.Length + secrets.Scrams.Length + (secrets.Readable is null ? 0 : 1) == 1, "a text that is more than one form");
        FuzzTarget.Require(secrets.Readable is not { Length: 0 }, "an empty password");
        foreach (var password in secrets.Passwords)
            FuzzTarget.Require(PasswordVerifier.TryParse(password.ToString(), out var again) && again.ToString() == password.ToString(), "a verifier that comes back as another");
        foreach (var scram in secrets.Scrams)
        {
            FuzzTarget.Require(scram.Iterations >= 4096 && scram.Salt.Length >= 8 && !scram.IsForNobody, "a verifier that is too weak");
            var again = ScramVerifier.Read(ScramVerifier.Format(scram));
            FuzzTarget.Require(
                again is not null && again.Mechanism == scram.Mechanism && again.Iterations == scram.Iterations && again.Salt.Span.SequenceEqual(scram.Salt.Span)
                && again.StoredKey.Span.SequenceEqual(scram.StoredKey.Span) && again.ServerKey.Span.SequenceEqual(scram.ServerKey.Span),
                "a verifier that comes back as another");
        }
    }

    private static void File(byte[] input)
    {
        var read = AccountsFile.Parse(Encoding.UTF8.GetString(input));
        foreach (var fault in read.Faults)
            FuzzTarget.Require(fault.Message.Length > 0 && fault.Line > 0, "a fault that cannot be shown");
        if (!read.Faults.IsEmpty || read.Accounts.IsEmpty)
            return;

        FuzzTarget.Require(read.Accounts.All(one => read.Accounts.Count(other => SaslPrep.AreSameName(one.Name, other.Name)) == 1), "two accounts of one name");
        var file = Path.Combine(Path.GetTempPath(), $"pillarbox-fuzz-accounts-{Environment.ProcessId}.toml");
        AccountsFile.Write(file, read.Accounts);
        var again = AccountsFile.Read(file);
        System.IO.File.Delete(file);
        FuzzTarget.Require(again.Faults.IsEmpty && again.Accounts.Length == read.Accounts.Length && again.Accounts.Zip(read.Accounts).All(AreEqual), "accounts that come back as others");
    }

    private static bool AreEqual((Account One, Account Other) pair) =>
        pair.One.Name == pair.Other.Name && pair.One.Verifiers.SequenceEqual(pair.Other.Verifiers) && pair.One.Senders.SequenceEqual(pair.Other.Senders)
        && pair.One.Disabled == pair.Other.Disabled && pair.One.MustChangePassword == pair.Other.MustChangePassword;

    private static void Prepare(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (SaslPrep.Prepare(text) is not { } prepared)
            return;

        FuzzTarget.Require(SaslPrep.Prepare(prepared) == prepared, "a prepared text that is not");
        FuzzTarget.Require(!prepared.Any(char.IsControl) && !prepared.Contains('\u00ad', StringComparison.Ordinal), "a prepared text with what must not be in one");
        FuzzTarget.Require(prepared.Length > 0 || text.Length == 0, "nothing left of a text");
        FuzzTarget.Require(SaslPrep.AreSameName(text, prepared), "a name that is another than itself");
    }
}
