using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Pillarbox.Protocol.Sasl;

namespace Pillarbox.Trust.Accounts;

/// <summary>
/// What SCRAM keeps of a password, as text: <c>$scram-sha-256$i=ROUNDS$SALT$STOREDKEY$SERVERKEY</c>, the last three in base64 without
/// padding. Weaker than Argon2id against who has stolen the file, since clients must be able to bear the rounds at each login.
/// </summary>
internal static partial class ScramVerifier
{
    // RFC 7677 §4 asks for 4096 at least; a client computes this many at each login, some of them on a telephone.
    private const int Rounds = 10_000;
    private const int LeastRounds = 4096;
    private const int MostRounds = 10_000_000;
    private const int SaltOctets = 16;

    /// <summary>Makes one with a salt of its own.</summary>
    public static string Create(ScramHash hash, string password) => Format(hash.Derive(password, RandomNumberGenerator.GetBytes(SaltOctets), Rounds));

    /// <summary>Writes one.</summary>
    public static string Format(ScramCredential credential) => string.Create(
        CultureInfo.InvariantCulture,
        $"${credential.Mechanism.ToLowerInvariant()}$i={credential.Iterations}${ToBase64(credential.Salt)}${ToBase64(credential.StoredKey)}${ToBase64(credential.ServerKey)}");

    /// <summary>The hash of a credential.</summary>
    public static ScramHash HashOf(ScramCredential credential) => ScramHash.All.First(hash => hash.Mechanism == credential.Mechanism);

    /// <summary>Whether a password, prepared by SASLprep, is the one. Takes a processor for milliseconds.</summary>
    public static bool Verify(ScramCredential credential, string prepared)
    {
        var derived = HashOf(credential).Derive(prepared, credential.Salt, credential.Iterations);
        return CryptographicOperations.FixedTimeEquals(derived.StoredKey.Span, credential.StoredKey.Span);
    }

    /// <summary>
    /// Reads what <see cref="Format"/> wrote, and the forms of others: PostgreSQL's <c>SCRAM-SHA-256$ROUNDS:SALT$STOREDKEY:SERVERKEY</c> and
    /// Dovecot's <c>{SCRAM-SHA-256}ROUNDS,SALT,STOREDKEY,SERVERKEY</c>, in base64 with padding.
    /// </summary>
    public static ScramCredential? Read(string text)
    {
        text = Foreign().Replace(text, match => $"${match.Groups[1]}$i={match.Groups[2]}${match.Groups[3]}${match.Groups[4]}${match.Groups[5]}");
        if (text.Split('$') is not ["", var scheme, var rounds, var salt, var stored, var server]
            || ScramHash.All.FirstOrDefault(each => each.Mechanism.Equals(scheme, StringComparison.OrdinalIgnoreCase)) is not { } hash
            || !rounds.StartsWith("i=", StringComparison.Ordinal)
            || !int.TryParse(rounds.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < LeastRounds or > MostRounds
            || PasswordVerifier.FromBase64(salt) is not { Length: >= 8 and <= 64 } saltOctets
            || PasswordVerifier.FromBase64(stored) is not { } storedKey || storedKey.Length != hash.Length
            || PasswordVerifier.FromBase64(server) is not { } serverKey || serverKey.Length != hash.Length)
            return null;
        return new ScramCredential(hash.Mechanism, count, saltOctets, storedKey, serverKey);
    }

    /// <summary>
    /// What a name that is not there gets: the same salt at each asking, another for each hash, as a real one would, and of the same rounds,
    /// but nothing fits it.
    /// </summary>
    /// <param name="hash">The hash asked for.</param>
    /// <param name="name">The name.</param>
    /// <param name="key">A secret that stays the same for as long as the source can keep one; when it changes, names without an account get other salts.</param>
    /// <param name="like">A real one, whose rounds it has; <see langword="null"/> for a new one's.</param>
    public static ScramCredential ForNobody(ScramHash hash, string name, ReadOnlySpan<byte> key, ScramCredential? like)
    {
        var salt = HMACSHA256.HashData(key, System.Text.Encoding.UTF8.GetBytes($"{hash.Mechanism} {SaslPrep.Key(name).ToUpperInvariant()}"))[..(like?.Salt.Length ?? SaltOctets)];
        return new ScramCredential(hash.Mechanism, like?.Iterations ?? Rounds, salt, RandomNumberGenerator.GetBytes(hash.Length), RandomNumberGenerator.GetBytes(hash.Length))
        {
            IsForNobody = true,
        };
    }

    [GeneratedRegex(@"\A\{?(SCRAM-SHA-\d+)[}$](\d+)[:,]([A-Za-z0-9+/]+)=*[$,]([A-Za-z0-9+/]+)=*[:,]([A-Za-z0-9+/]+)=*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Foreign();

    private static string ToBase64(ReadOnlyMemory<byte> octets) => Convert.ToBase64String(octets.Span).TrimEnd('=');
}
