using System.Net.Security;
using System.Security.Cryptography;
using System.Text;

namespace Pillarbox.Server.Tests;

/// <summary>The client's side of SCRAM (RFC 5802), which can be told to do it wrong.</summary>
/// <param name="Mechanism">The mechanism, PLUS or not.</param>
/// <param name="Name">Who logs in.</param>
/// <param name="Password">With what.</param>
internal sealed record ScramClient(string Mechanism, string Name, string Password)
{
    private string Hash => Mechanism.Replace("-PLUS", "", StringComparison.Ordinal);

    private HashAlgorithmName Algorithm => new(Hash["SCRAM-".Length..].Replace("SHA-", "SHA", StringComparison.Ordinal));

    private int Length => Hash switch { "SCRAM-SHA-1" => 20, "SCRAM-SHA-256" => 32, _ => 64 };

    /// <summary>The GS2 header: the binding's flag and the authorization identity.</summary>
    public string Header { get; init; } = "n,,";

    /// <summary>What the last message says that the header was; the same unless it is told otherwise.</summary>
    public string? HeaderLater { get; init; }

    /// <summary>What is bound to.</summary>
    public byte[] Binding { get; init; } = [];

    /// <summary>Stands behind the nonce in the first message.</summary>
    public string FirstExtension { get; init; } = "";

    /// <summary>Stands behind the nonce in the last message.</summary>
    public string LastExtension { get; init; } = "";

    /// <summary>What becomes of the server's nonce.</summary>
    public Func<string, string> Nonce { get; init; } = nonce => nonce;

    /// <summary>What becomes of the proof.</summary>
    public Func<byte[], byte[]> Proof { get; init; } = proof => proof;

    /// <summary>What is said to the server's own proof.</summary>
    public string Acknowledgement { get; init; } = "";

    /// <summary>The salt and rounds that the server told, as they stand in its message.</summary>
    public string Told { get; private set; } = "";

    /// <summary>The hash of a server's certificate (RFC 5929 §4.1), for those that are signed with SHA-256 or less.</summary>
    public static byte[] EndPoint(SslStream tls) => SHA256.HashData(tls.RemoteCertificate!.GetRawCertData());

    /// <summary>Goes through the exchange; the reply that ends it.</summary>
    public async Task<string?> LogInAsync(TestClient client)
    {
        var bare = $"n={Name},r={Convert.ToHexString(RandomNumberGenerator.GetBytes(12))}{FirstExtension}";
        var challenge = await client.SayAsync($"AUTH {Mechanism} {Base64(Header + bare)}");
        if (challenge is not ['3', '3', '4', ' ', .. var first])
            return challenge;

        var serverFirst = Encoding.UTF8.GetString(Convert.FromBase64String(first));
        var parts = serverFirst.Split(',');
        Told = $"{parts[1]},{parts[2]}";
        var binding = Convert.ToBase64String([.. Encoding.UTF8.GetBytes(HeaderLater ?? Header), .. Binding]);
        var last = $"c={binding},r={Nonce(parts[0][2..])}{LastExtension}";
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(Password), Convert.FromBase64String(parts[1][2..]), int.Parse(parts[2].AsSpan(2), System.Globalization.CultureInfo.InvariantCulture), Algorithm, Length);
        var signed = Encoding.UTF8.GetBytes($"{bare},{serverFirst},{last}");
        var key = Mac(salted, "Client Key"u8);
        var signature = Mac(CryptographicOperations.HashData(Algorithm, key), signed);
        var proof = Proof([.. key.Zip(signature, (one, other) => (byte)(one ^ other))]);

        var answer = await client.SayAsync(Base64($"{last},p={Convert.ToBase64String(proof)}"));
        if (answer is not ['3', '3', '4', ' ', .. var final])
            return answer;

        // The server has to prove itself too.
        Assert.Equal($"v={Convert.ToBase64String(Mac(Mac(salted, "Server Key"u8), signed))}", Encoding.UTF8.GetString(Convert.FromBase64String(final)));
        return await client.SayAsync(Acknowledgement);
    }

    private byte[] Mac(byte[] key, ReadOnlySpan<byte> octets) => CryptographicOperations.HmacData(Algorithm, key, octets);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
