using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Pillarbox.Protocol.Sasl;

namespace Pillarbox.Trust.Accounts;

/// <summary>What is kept of an account's password, a form for each kind of mechanism.</summary>
public sealed class AccountSecrets
{
    private const string ReadableScheme = "$plain$";

    private AccountSecrets(ImmutableArray<PasswordVerifier> passwords, ImmutableArray<ScramCredential> scrams, byte[]? readable)
    {
        Passwords = passwords;
        Scrams = scrams;
        Readable = readable;
    }

    /// <summary>None at all.</summary>
    internal static readonly AccountSecrets None = new([], [], null);

    /// <summary>For PLAIN and LOGIN.</summary>
    internal ImmutableArray<PasswordVerifier> Passwords { get; }

    /// <summary>For SCRAM, one a hash.</summary>
    internal ImmutableArray<ScramCredential> Scrams { get; }

    /// <summary>For CRAM-MD5: the password itself.</summary>
    internal byte[]? Readable { get; }

    /// <summary>Whether a password can be checked.</summary>
    internal bool CanVerify => !Passwords.IsEmpty || !Scrams.IsEmpty;

    /// <summary>
    /// Whether a password, prepared by SASLprep, is the one: by Argon2id, or where only SCRAM's forms are there by the strongest of these.
    /// Takes a processor for milliseconds.
    /// </summary>
    internal bool Verify(string prepared)
    {
        if (Passwords.IsEmpty)
            return Scrams.MaxBy(scram => scram.StoredKey.Length) is { } scram && ScramVerifier.Verify(scram, prepared);
        var isRight = false;
        foreach (var verifier in Passwords)
            isRight |= verifier.Verify(prepared);
        return isRight;
    }

    /// <summary>Whether checking a password takes as much.</summary>
    internal bool HasCostOf(AccountSecrets other) => Shape().SequenceEqual(other.Shape());

    private IEnumerable<string> Shape() =>
        [.. Passwords.Select(password => password.Cost), .. Scrams.Select(scram => $"{scram.Mechanism} {scram.Iterations} {scram.Salt.Length}")];

    /// <summary>Forms of the same cost that nothing fits: for names that are not there.</summary>
    internal AccountSecrets ForNobody() => Passwords.IsEmpty && Scrams.MaxBy(scram => scram.StoredKey.Length) is { } like
        ? new AccountSecrets([], [ScramVerifier.ForNobody(ScramVerifier.HashOf(like), "", RandomNumberGenerator.GetBytes(32), like)], null)
        : new AccountSecrets([PasswordVerifier.Nobody(Passwords.FirstOrDefault())], [], null);

    /// <summary>All forms of a password, as they stand in the file. Takes tens of milliseconds of a processor.</summary>
    /// <param name="password">The password.</param>
    /// <param name="readable">Whether CRAM-MD5 shall work, for which the password itself is kept.</param>
    public static ImmutableArray<string> Create(string password, bool readable)
    {
        var prepared = SaslPrep.Prepare(password) ?? password;
        return
        [
            PasswordVerifier.Create(prepared).ToString(),
            .. ScramHash.All.Select(hash => ScramVerifier.Create(hash, prepared)),
            .. readable ? [ReadableScheme + Convert.ToBase64String(Encoding.UTF8.GetBytes(prepared))] : ImmutableArray<string>.Empty,
        ];
    }

    /// <summary>Whether a text is a form that is known here.</summary>
    public static bool IsKnown(string text) => TryRead([text], out _);

    /// <summary>The mechanisms that an account's forms are enough for, the strongest first; none of them where a form is unknown.</summary>
    public static ImmutableArray<string> Mechanisms(IEnumerable<string> texts)
    {
        if (!TryRead(texts, out var secrets))
            return [];
        return
        [
            .. secrets.Scrams.Select(scram => scram.Mechanism).Distinct().OrderByDescending(mechanism => ScramHash.All.First(hash => hash.Mechanism == mechanism).Length),
            .. secrets.CanVerify ? ["PLAIN", "LOGIN"] : ImmutableArray<string>.Empty,
            .. secrets.Readable is not null ? ["CRAM-MD5"] : ImmutableArray<string>.Empty,
        ];
    }

    /// <summary>Reads the forms of an account; false where one is of no known scheme.</summary>
    internal static bool TryRead(IEnumerable<string> texts, out AccountSecrets secrets)
    {
        var passwords = ImmutableArray.CreateBuilder<PasswordVerifier>();
        var scrams = ImmutableArray.CreateBuilder<ScramCredential>();
        byte[]? readable = null;
        secrets = None;
        foreach (var text in texts)
        {
            // The framework reads base64 with blanks in it, and numbers with NULs behind; none is a form that could be written again.
            if (text.AsSpan().ContainsAnyExceptInRange('!', '~'))
                return false;
            if (PasswordVerifier.TryParse(text, out var password))
                passwords.Add(password);
            else if (ScramVerifier.Read(text) is { } scram)
                scrams.Add(scram);
            else if (text.StartsWith(ReadableScheme, StringComparison.Ordinal) && TryDecode(text[ReadableScheme.Length..], out var octets))
                readable = octets;
            else
                return false;
        }

        secrets = new AccountSecrets(passwords.ToImmutable(), scrams.ToImmutable(), readable);
        return true;
    }

    private static bool TryDecode(string base64, out byte[] octets)
    {
        octets = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, octets, out var count) || count == 0)
            return false;
        Array.Resize(ref octets, count);
        return true;
    }
}
