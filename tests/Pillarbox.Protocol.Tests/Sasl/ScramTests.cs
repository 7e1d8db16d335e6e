using System.Text;
using Pillarbox.Protocol.Sasl;

namespace Pillarbox.Protocol.Tests.Sasl;

/// <summary>SCRAM against the examples of RFC 5802 §5 and RFC 7677 §3, and against clients that do it wrong.</summary>
public sealed class ScramTests
{
    private const string First = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private const string Challenge = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string Final = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    private static readonly ScramCredential Pencil = ScramHash.Sha256.Derive("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    [Fact]
    public void Sha1_exampleOfRfc5802_goesThrough()
    {
        var exchange = Exchange("SCRAM-SHA-1", "3rfcNHYJY1ZVvWVs7j");
        Assert.Equal((SaslStepKind.Credential, "user"), Named(exchange.Respond("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL"u8)));
        var challenge = exchange.Supply(ScramHash.Sha1.Derive("pencil", Convert.FromBase64String("QSXCR+Q6sek8bf92"), 4096));
        Assert.Equal("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096", Text(challenge));
        var proof = exchange.Respond("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="u8);
        Assert.Equal("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", Text(proof));
        Assert.Equal((SaslStepKind.Proven, "user"), Named(exchange.Respond(default)));
    }

    [Fact]
    public void Sha256_exampleOfRfc7677_goesThrough()
    {
        var exchange = Begun(Pencil, out var challenge);
        Assert.Equal(Challenge, Text(challenge));
        Assert.Equal("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Text(exchange.Respond(Encoding.UTF8.GetBytes(Final))));
        Assert.Equal((SaslStepKind.Proven, "user"), Named(exchange.Respond(default)));
    }

    [Fact]
    public void Proof_forAnotherPassword_isRefused() =>
        Assert.Equal(SaslStepKind.Refused, Begun(ScramHash.Sha256.Derive("pencils", Pencil.Salt, 4096), out _).Respond(Encoding.UTF8.GetBytes(Final)).Kind);

    [Fact]
    public void Proof_forANameThatIsNotThere_isRefusedThoughItFits() =>
        Assert.Equal(SaslStepKind.Refused, Begun(Pencil with { IsForNobody = true }, out _).Respond(Encoding.UTF8.GetBytes(Final)).Kind);

    [Theory]
    [InlineData("c=eSws,", "c=biws,")]
    [InlineData("Ilj)hNlF$k0,p", "Ilj)hNlF$k1,p")]
    public void Final_withAnotherBindingOrNonce_isRefused(string replacement, string original)
    {
        var changed = Final.Contains(original, StringComparison.Ordinal) ? Final.Replace(original, replacement, StringComparison.Ordinal) : Final.Replace(replacement, original, StringComparison.Ordinal);
        Assert.NotEqual(Final, changed);
        Assert.Equal(SaslStepKind.Refused, Begun(Pencil, out _).Respond(Encoding.UTF8.GetBytes(changed)).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n,,n=user")]
    [InlineData("n,n=user,r=abc")]
    [InlineData("x,,n=user,r=abc")]
    [InlineData("p=tls-unique,,n=user,r=abc")]
    [InlineData("p=tls-server-end-point,,n=user,r=abc")]
    [InlineData("n,,n=,r=abc")]
    [InlineData("n,,m=ext,n=user,r=abc")]
    [InlineData("n,,n=us=er,r=abc")]
    [InlineData("n,,n=us=2cer,r=abc")]
    [InlineData("n,,n=user,r=")]
    [InlineData("n,,n=user,r=a b")]
    [InlineData("n,a=,n=user,r=abc")]
    public void First_thatIsNone_isMalformed(string message) =>
        Assert.Equal(SaslStepKind.Malformed, Exchange("SCRAM-SHA-256", "x").Respond(Encoding.UTF8.GetBytes(message)).Kind);

    [Theory]
    [InlineData("")]
    [InlineData("c=biws")]
    [InlineData("c=biws,r=abc")]
    [InlineData("r=abc,c=biws,p=AAAA")]
    [InlineData("c=biws,r=abc,p=AAAA")]
    [InlineData("c=biws,r=abc,p=not base64")]
    public void Final_thatIsNone_isMalformed(string message) =>
        Assert.Equal(SaslStepKind.Malformed, Begun(Pencil, out _).Respond(Encoding.UTF8.GetBytes(message)).Kind);

    [Fact]
    public void Name_commaAndEqualsSign_areDecoded()
    {
        var step = Exchange("SCRAM-SHA-256", "x").Respond("n,a=boss,n=a=2Cb=3Dc,r=abc"u8);
        Assert.Equal((SaslStepKind.Credential, "a,b=c"), Named(step));
    }

    [Fact]
    public void Plus_boundToTheServersCertificate_goesThroughAndToAnotherNot()
    {
        foreach (var (mine, theirs, expected) in new[] { ("certificate", "certificate", SaslStepKind.Challenge), ("certificate", "imposter", SaslStepKind.Refused) })
        {
            var exchange = SaslExchange.Create("scram-sha-256-plus"u8, new SaslContext { Nonce = () => "S", ServerEndPoint = Encoding.ASCII.GetBytes(mine) })!;
            Assert.Equal(SaslStepKind.Credential, exchange.Respond("p=tls-server-end-point,,n=user,r=C"u8).Kind);
            var challenge = Text(exchange.Supply(Pencil));
            var binding = Convert.ToBase64String(Encoding.ASCII.GetBytes("p=tls-server-end-point,," + theirs));
            var last = $"c={binding},r=CS";
            Assert.Equal(expected, exchange.Respond(Encoding.UTF8.GetBytes($"{last},p={Proof($"n=user,r=C,{challenge},{last}")}")).Kind);
        }
    }

    [Fact]
    public void Client_thatWasToldThereIsNoBindingWhereThereIs_isStopped()
    {
        var context = new SaslContext { Nonce = () => "S", OffersChannelBinding = true };
        Assert.Equal(SaslStepKind.Malformed, SaslExchange.Create("SCRAM-SHA-256"u8, context)!.Respond("y,,n=user,r=C"u8).Kind);
        Assert.Equal(SaslStepKind.Credential, SaslExchange.Create("SCRAM-SHA-256"u8, context)!.Respond("n,,n=user,r=C"u8).Kind);
    }

    [Fact]
    public void AnyBytes_getAStepAndNeverAnException()
    {
        var random = new Random(5802);
        var alphabet = "nyp=,a=r=c=biws,pv0X8\0+/\u00e9tls-server-end-point"u8.ToArray();
        for (var i = 0; i < 50_000; i++)
        {
            var exchange = Exchange(i % 2 == 0 ? "SCRAM-SHA-256" : "SCRAM-SHA-1-PLUS", "S");
            for (var turn = 0; turn < 3; turn++)
            {
                var bytes = new byte[random.Next(60)];
                for (var at = 0; at < bytes.Length; at++)
                    bytes[at] = alphabet[random.Next(alphabet.Length)];
                if (turn == 0 && random.Next(2) == 0)
                    bytes = "n,,n=user,r=abc"u8.ToArray();
                var step = exchange.Respond(bytes);
                Assert.NotEqual(SaslStepKind.Proven, step.Kind);
                if (step.Kind == SaslStepKind.Credential)
                    exchange.Supply(Pencil);
            }
        }
    }

    private static string Proof(string signed)
    {
        var salted = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2("pencil", Pencil.Salt.ToArray(), 4096, System.Security.Cryptography.HashAlgorithmName.SHA256, 32);
        var key = System.Security.Cryptography.HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = System.Security.Cryptography.HMACSHA256.HashData(System.Security.Cryptography.SHA256.HashData(key), Encoding.UTF8.GetBytes(signed));
        return Convert.ToBase64String([.. key.Zip(signature, (one, other) => (byte)(one ^ other))]);
    }

    private static SaslExchange Begun(ScramCredential stored, out SaslStep challenge)
    {
        var exchange = Exchange("SCRAM-SHA-256", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
        exchange.Respond(Encoding.UTF8.GetBytes(First));
        challenge = exchange.Supply(stored);
        return exchange;
    }

    private static SaslExchange Exchange(string mechanism, string nonce) =>
        SaslExchange.Create(Encoding.ASCII.GetBytes(mechanism), new SaslContext { Nonce = () => nonce })!;

    private static (SaslStepKind Kind, string Name) Named(SaslStep step) => (step.Kind, step.Name);

    private static string Text(SaslStep step) => Encoding.UTF8.GetString(Convert.FromBase64String(step.Challenge));
}
