namespace Pillarbox.Protocol.Sasl;

/// <summary>What an account source keeps of a secret for a mechanism that never shows it.</summary>
public abstract record SaslCredential;

/// <summary>What SCRAM needs of a password (RFC 5802 §3): enough to recognise who knows it, not enough to be them.</summary>
/// <param name="Mechanism">The hash that it is for: <c>SCRAM-SHA-1</c>, <c>SCRAM-SHA-256</c>, <c>SCRAM-SHA-512</c>.</param>
/// <param name="Iterations">Rounds of PBKDF2; RFC 7677 §4 asks for 4096 at least.</param>
/// <param name="Salt">The salt.</param>
/// <param name="StoredKey">The hash of the client's key.</param>
/// <param name="ServerKey">The server's key.</param>
public sealed record ScramCredential(string Mechanism, int Iterations, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> StoredKey, ReadOnlyMemory<byte> ServerKey) : SaslCredential
{
    /// <summary>One that looks like others and that no password fits: what a name that is not there gets.</summary>
    public bool IsForNobody { get; init; }
}

/// <summary>A secret that can be read: what CRAM-MD5 needs (RFC 2195 §2).</summary>
/// <param name="Secret">The password in UTF-8; <see langword="null"/> where there is none, and no answer is right.</param>
public sealed record SharedSecret(ReadOnlyMemory<byte>? Secret) : SaslCredential;
