using System.Collections.Immutable;
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

    /// <summary>Reads the forms of an account; false where one is of no known scheme.</summary>
    internal static bool TryRead(IEnumerable<string> texts, out AccountSecrets secrets)
    {
        var passwords = ImmutableArray.CreateBuilder<PasswordVerifier>();
        var scrams = ImmutableArray.CreateBuilder<ScramCredential>();
        byte[]? readable = null;
        secrets = None;
        foreach (var text in texts)
        {
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
