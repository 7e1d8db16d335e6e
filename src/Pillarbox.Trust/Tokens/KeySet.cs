using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Pillarbox.Trust.Tokens;

/// <summary>The keys by which a provider signs (RFC 7517 §5): of them those that can be checked here.</summary>
internal sealed record KeySet(ImmutableArray<JsonWebKey> Keys)
{
    private const int MaxKeys = 100;

    // Octets: RFC 7518 §3.3 wants 2048 bits of RSA; of far larger ones a check takes long.
    private const int MinModulus = 2048 / 8;
    private const int MaxModulus = 8192 / 8;

    /// <summary>Reads a set; <see langword="null"/> where it is none.</summary>
    public static KeySet? Read(string json)
    {
        try
        {
            return new KeySet([.. new JsonWebKeySet(json).Keys.Take(MaxKeys).Where(IsOfUse)]);
        }
        catch (Exception broken) when (broken is ArgumentException or JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// The key of that name that is for that algorithm. A token that names none is taken for the only key's (RFC 7515 §4.1.4 leaves the
    /// name to the signer). A key of another kind than the algorithm wants is never tried (RFC 8725 §3.1).
    /// </summary>
    public JsonWebKey? Find(string? name, string algorithm)
    {
        var found = name is { Length: > 0 } ? Keys.FirstOrDefault(key => key.Kid == name) : Keys is [var only] ? only : null;
        return found is not null && found.Kty == (algorithm[0] == 'E' ? "EC" : "RSA") && (string.IsNullOrEmpty(found.Alg) || found.Alg == algorithm) ? found : null;
    }

    // "oct" would be a key that whoever checks can sign with too.
    private static bool IsOfUse(JsonWebKey key) => (string.IsNullOrEmpty(key.Use) || key.Use == "sig") && (key.KeyOps.Count == 0 || key.KeyOps.Contains("verify")) && key.Kty switch
    {
        "RSA" => key.N is not null && key.E is not null && Octets(key.N) is >= MinModulus and <= MaxModulus,
        "EC" => key.Crv is "P-256" or "P-384" or "P-521" && key.X is not null && key.Y is not null,
        _ => false,
    };

    // One key that is broken does not spoil the others.
    private static int Octets(string base64)
    {
        try
        {
            return Base64UrlEncoder.DecodeBytes(base64).Length;
        }
        catch (FormatException)
        {
            return 0;
        }
    }
}
