namespace Pillarbox.Protocol.Sasl;

/// <summary>What comes next in a login.</summary>
public enum SaslStepKind
{
    /// <summary>The exchange makes no sense: 501 5.5.2.</summary>
    Malformed,

    /// <summary>The client is asked for more: 334.</summary>
    Challenge,

    /// <summary>A name and a password are there to be checked.</summary>
    Password,

    /// <summary>The exchange needs what is stored of a name: <see cref="SaslExchange.Supply"/> goes on from there.</summary>
    Credential,

    /// <summary>A token is there to be checked: <see cref="SaslExchange.Reject"/> goes on from there where it is not taken.</summary>
    Token,

    /// <summary>The client's certificate says who it is.</summary>
    Certificate,

    /// <summary>The client has proved that it knows the secret.</summary>
    Proven,

    /// <summary>The client has not.</summary>
    Refused,
}

/// <summary>A step of a login, seen from the server.</summary>
public readonly record struct SaslStep
{
    private SaslStep(SaslStepKind kind) => Kind = kind;

    /// <summary>What comes next.</summary>
    public SaslStepKind Kind { get; }

    /// <summary>The challenge as it goes behind 334: in base64.</summary>
    public string Challenge { get; private init; } = "";

    /// <summary>On whose behalf the client wants to act; empty for its own (RFC 4616 §2).</summary>
    public string AuthorizationId { get; private init; } = "";

    /// <summary>Who logs in.</summary>
    public string Name { get; private init; } = "";

    /// <summary>The token (RFC 6750 §2.1); empty where the client gave none, to hear what it would need.</summary>
    public string Token { get; private init; } = "";

    /// <summary>The secret, as typed; may be empty, which an account source that takes anything takes too.</summary>
    public string Password { get; private init; } = "";

    /// <summary>The exchange makes no sense.</summary>
    public static SaslStep Malformed => new(SaslStepKind.Malformed);

    /// <summary>The client is asked for more.</summary>
    public static SaslStep Ask(string base64) => new(SaslStepKind.Challenge) { Challenge = base64 };

    /// <summary>The client is asked for more.</summary>
    public static SaslStep Ask(ReadOnlySpan<byte> challenge) => Ask(Convert.ToBase64String(challenge));

    /// <summary>A name and a password are there.</summary>
    public static SaslStep Check(string authorizationId, string name, string password) =>
        new(SaslStepKind.Password) { AuthorizationId = authorizationId, Name = name, Password = password };

    /// <summary>What is stored of a name is needed.</summary>
    public static SaslStep Look(string name) => new(SaslStepKind.Credential) { Name = name };

    /// <summary>A token is there.</summary>
    /// <param name="name">Whom the client says that it is for; empty where it does not say.</param>
    /// <param name="token">The token.</param>
    public static SaslStep CheckToken(string name, string token) => new(SaslStepKind.Token) { Name = name, Token = token };

    /// <summary>The certificate tells.</summary>
    public static SaslStep CheckCertificate(string authorizationId) =>
        new(SaslStepKind.Certificate) { AuthorizationId = authorizationId, Name = authorizationId };

    /// <summary>The secret was proved.</summary>
    public static SaslStep Proved(string authorizationId, string name) => new(SaslStepKind.Proven) { AuthorizationId = authorizationId, Name = name };

    /// <summary>The secret was not proved.</summary>
    public static SaslStep Refuse(string name) => new(SaslStepKind.Refused) { Name = name };
}
