using System.Security.Cryptography;
using System.Text;

namespace Pillarbox.Protocol.Sasl;

/// <summary>A hash that SCRAM is used with, and what RFC 5802 §3 derives by it.</summary>
public sealed class ScramHash
{
    /// <summary>RFC 5802. SHA-1 is broken as a signature's hash; within HMAC and PBKDF2 it still holds (RFC 6194 §3).</summary>
    public static readonly ScramHash Sha1 = new("SCRAM-SHA-1", HashAlgorithmName.SHA1, 20);

    /// <summary>RFC 7677.</summary>
    public static readonly ScramHash Sha256 = new("SCRAM-SHA-256", HashAlgorithmName.SHA256, 32);

    /// <summary>As RFC 7677, with SHA-512, as clients have it.</summary>
    public static readonly ScramHash Sha512 = new("SCRAM-SHA-512", HashAlgorithmName.SHA512, 64);

    private readonly HashAlgorithmName _name;

    private ScramHash(string mechanism, HashAlgorithmName name, int length)
    {
        Mechanism = mechanism;
        _name = name;
        Length = length;
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ScramHash> All { get; } = [Sha1, Sha256, Sha512];

    /// <summary>The mechanism without PLUS.</summary>
    public string Mechanism { get; }

    /// <summary>Octets of its value.</summary>
    public int Length { get; }

    /// <summary>What is stored of a password: PBKDF2, so it takes a processor for milliseconds.</summary>
    /// <param name="password">The password, prepared by SASLprep (RFC 4013).</param>
    /// <param name="salt">The salt.</param>
    /// <param name="iterations">Rounds of PBKDF2.</param>
    public ScramCredential Derive(string password, ReadOnlyMemory<byte> salt, int iterations)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt.Span, iterations, _name, Length);
        try
        {
            return new ScramCredential(Mechanism, iterations, salt, Hash(Mac(salted, "Client Key"u8)), Mac(salted, "Server Key"u8));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(salted);
        }
    }

    internal byte[] Hash(ReadOnlySpan<byte> octets) => CryptographicOperations.HashData(_name, octets);

    internal byte[] Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> octets) => CryptographicOperations.HmacData(_name, key, octets);
}
