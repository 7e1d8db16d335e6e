using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Pillarbox.Trust.Accounts;

/// <summary>
/// What a password is checked against: Argon2id (RFC 9106) in the PHC string format,
/// <c>$argon2id$v=19$m=KIB,t=PASSES,p=1$SALT$HASH</c>, salt and hash in base64 without padding.
/// </summary>
public sealed class PasswordVerifier
{
    private const string Scheme = "argon2id";
    private const int SaltOctets = 16;
    private const int HashOctets = 32;

    // The second of the choices that OWASP's password storage guide holds to be equally strong: little memory, two passes.
    private const int Memory = 19_456;
    private const int Passes = 2;

    // What a file may ask of this machine: 1 GiB and 64 passes.
    private const int MaxMemory = 1 << 20;
    private const int MaxPasses = 64;

    private readonly byte[] _salt;
    private readonly byte[] _hash;
    private readonly int _memory;
    private readonly int _passes;

    private PasswordVerifier(int memory, int passes, byte[] salt, byte[] hash)
    {
        _memory = memory;
        _passes = passes;
        _salt = salt;
        _hash = hash;
    }

    /// <summary>A verifier for a password, with a salt of its own. Takes tens of milliseconds of a processor.</summary>
    public static PasswordVerifier Create(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        var salt = RandomNumberGenerator.GetBytes(SaltOctets);
        return new PasswordVerifier(Memory, Passes, salt, Derive(password, Memory, Passes, salt, HashOctets));
    }

    /// <summary>One that no password matches, and that takes the time of one that could: for names that do not exist.</summary>
    /// <param name="like">Whose cost it has; <see langword="null"/> for a new one's.</param>
    public static PasswordVerifier Nobody(PasswordVerifier? like = null) => new(
        like?._memory ?? Memory, like?._passes ?? Passes, RandomNumberGenerator.GetBytes(SaltOctets), RandomNumberGenerator.GetBytes(HashOctets));

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PasswordVerifier? verifier)
    {
        ArgumentNullException.ThrowIfNull(text);
        verifier = null;
        if (text.Split('$') is not ["", Scheme, "v=19", var costs, var salt, var hash] || costs.Split(',') is not [var m, var t, "p=1"])
            return false;
        if (!TryCost(m, "m=", 8, MaxMemory, out var memory) || !TryCost(t, "t=", 1, MaxPasses, out var passes))
            return false;
        // libsodium has salts of 16 octets, and derives 16 at least.
        if (FromBase64(salt) is not { Length: SaltOctets } saltOctets || FromBase64(hash) is not { Length: >= 16 and <= 64 } hashOctets)
            return false;
        verifier = new PasswordVerifier(memory, passes, saltOctets, hashOctets);
        return true;
    }

    /// <summary>Whether a password is the one. Takes the same time for each, and tens of milliseconds of a processor.</summary>
    public bool Verify(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        var derived = Derive(password, _memory, _passes, _salt, _hash.Length);
        var isRight = CryptographicOperations.FixedTimeEquals(derived, _hash);
        CryptographicOperations.ZeroMemory(derived);
        return isRight;
    }

    /// <summary>What a check takes, to be compared.</summary>
    internal string Cost => string.Create(CultureInfo.InvariantCulture, $"{Scheme} {_memory} {_passes}");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"${Scheme}$v=19$m={_memory},t={_passes},p=1${ToBase64(_salt)}${ToBase64(_hash)}");

    private static byte[] Derive(string password, int memory, int passes, byte[] salt, int count)
    {
        var octets = Encoding.UTF8.GetBytes(password);
        try
        {
            var algorithm = PasswordBasedKeyDerivationAlgorithm.Argon2id(
                new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = memory, NumberOfPasses = passes });
            return algorithm.DeriveBytes(octets, salt, count);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    private static bool TryCost(string text, string prefix, int min, int max, out int value)
    {
        value = 0;
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value >= min && value <= max;
    }

    private static string ToBase64(byte[] octets) => Convert.ToBase64String(octets).TrimEnd('=');

    internal static byte[]? FromBase64(string text)
    {
        var octets = new byte[text.Length];
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return !text.Contains('=', StringComparison.Ordinal) && Convert.TryFromBase64String(padded, octets, out var count) ? octets[..count] : null;
    }
}
