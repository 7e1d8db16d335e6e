using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pillarbox.Peers;

/// <summary>Makes JSON web tokens (RFC 7515) that no provider would: anything as header, anything as claims, signed by whatever is at hand.</summary>
public static class TokenForge
{
    /// <summary>A token.</summary>
    /// <param name="header">The header, as JSON.</param>
    /// <param name="claims">The claims, as JSON.</param>
    /// <param name="sign">Signs; <see langword="null"/> for no signature.</param>
    public static string Make(string header, string claims, Func<byte[], byte[]>? sign)
    {
        var signed = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{(sign is null ? "" : Encode(sign(Encoding.ASCII.GetBytes(signed))))}";
    }

    /// <summary>Claims that are all right, as JSON, unless changed.</summary>
    public static string Claims(string issuer, DateTimeOffset now, Action<Dictionary<string, object?>>? change = null)
    {
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = issuer,
            ["aud"] = "pillarbox",
            ["sub"] = "4711",
            ["email"] = "ann@example.org",
            ["email_verified"] = true,
            ["scope"] = "smtp",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.ToUnixTimeSeconds() + 600,
        };
        change?.Invoke(claims);
        return JsonSerializer.Serialize(claims);
    }

    /// <summary>Signs as RS256.</summary>
    public static Func<byte[], byte[]> Rs256(RSA key) => octets => key.SignData(octets, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <summary>Base64url.</summary>
    public static string Encode(byte[] octets) => System.Buffers.Text.Base64Url.EncodeToString(octets);
}
