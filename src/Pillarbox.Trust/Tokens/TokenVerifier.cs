using System.Globalization;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Trust.Tokens;

/// <summary>
/// Checks access tokens that are JSON web tokens (RFC 7519, RFC 9068): the signature by the provider's keys, for whom, from whom, until when,
/// for what. Thread-safe.
/// </summary>
public sealed class TokenVerifier : IDisposable
{
    /// <summary>How far the provider's clock may be off.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    // A line of an AUTH exchange holds less.
    private const int MaxToken = 16 << 10;
    private const int MaxName = 320;

    // RFC 8725 §3.1, §3.2: signatures that only the provider can make; none of HMAC, and not "none".
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    // RFC 8725 §3.11, RFC 9068 §2.1: not a logout token, a proof of possession or whatever else a provider signs.
    private static readonly string[] Types = ["", "JWT", "at+jwt", "application/at+jwt"];

    private readonly TokenOptions _options;
    private readonly TimeProvider _time;
    private readonly ProviderClient _client;
    private readonly ProviderKeys _keys;
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxToken };

    /// <param name="options">Whose tokens, and which.</param>
    /// <param name="time">What tells whether a token has expired.</param>
    /// <param name="report">Told, in one line, that the provider cannot be reached, and that it can again.</param>
    public TokenVerifier(TokenOptions options, TimeProvider time, Action<string> report)
    {
        _options = options;
        _time = time;
        _client = new ProviderClient(options, time);
        _keys = new ProviderKeys(_client.FetchAsync, time, report);
    }

    /// <summary>The scopes that a token must have, with blanks between them.</summary>
    public string Scope => string.Join(' ', _options.Scopes);

    /// <summary>Where the provider's discovery document is.</summary>
    public string Configuration => _options.Configuration;

    /// <summary>Checks a token. Asks the provider for its keys, off the caller's thread, where they are not known.</summary>
    /// <param name="token">The token.</param>
    /// <param name="name">Whom the client says that it is for; empty where it does not say.</param>
    public async ValueTask<TokenAnswer> VerifyAsync(string token, string name, CancellationToken cancellationToken = default)
    {
        if (Read(token, out var cause) is not { } read)
            return TokenAnswer.Refused(cause);
        var (key, unknown) = await _keys.FindAsync(read.Kid, read.Alg, cancellationToken);
        if (key is null)
            return unknown is null ? TokenAnswer.Refused("the provider has no such key") : new TokenAnswer(TokenOutcome.Unavailable, "", unknown);

        var result = await _handler.ValidateTokenAsync(read, Parameters(key));
        return result.IsValid ? Judge(read, name) : TokenAnswer.Refused(Explain(result.Exception));
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    // Nothing of it is believed yet: what could not be checked is not looked at further.
    private static JsonWebToken? Read(string token, out string cause)
    {
        cause = "";
        try
        {
            var read = token.Length is > 0 and <= MaxToken ? new JsonWebToken(token) : null;
            cause = read switch
            {
                null when token.Length == 0 => "there is no token",
                null => "it is too long",
                { IsEncrypted: true } => "it is encrypted; have the provider issue tokens that are signed alone",
                _ when !Algorithms.Contains(read.Alg, StringComparer.Ordinal) => "its algorithm is none that only the provider can sign by",
                _ when !Types.Contains(read.Typ ?? "", StringComparer.OrdinalIgnoreCase) => "it is no access token by its type",

                // RFC 7515 §4.1.11: nothing that may be critical is known here.
                _ when read.TryGetHeaderValue<object>("crit", out _) => "it demands something that is not known here (crit)",
                _ => "",
            };
            return cause.Length == 0 ? read : null;
        }
        catch (Exception broken) when (IsOfMalformed(broken))
        {
            cause = "it is no JSON web token";
            return null;
        }
    }

    private TokenValidationParameters Parameters(JsonWebKey key) => new()
    {
        ValidIssuer = _options.Issuer,
        ValidAudience = _options.Audience,
        IgnoreTrailingSlashWhenValidatingAudience = false,
        IssuerSigningKey = key,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        RequireAudience = true,
        IncludeTokenOnFailedValidation = false,
        LogValidationExceptions = false,

        // By our own clock, below.
        ValidateLifetime = false,
    };

    // The signature is the provider's, and so is what it says.
    private TokenAnswer Judge(JsonWebToken token, string name)
    {
        try
        {
            if (Expiry(token) is { } fault)
                return TokenAnswer.Refused(fault);
            using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
            var claims = payload.RootElement;

            // RFC 7800 §3.1: it is of use only to who proves to have a key, and in AUTH nobody can.
            if (claims.TryGetProperty("cnf", out _))
                return TokenAnswer.Refused("it is bound to a key (cnf)");
            if (_options.Scopes.Except(Scopes(claims), StringComparer.Ordinal).FirstOrDefault() is { } missing)
                return new TokenAnswer(TokenOutcome.LacksScope, "", $"it lacks the scope {missing}");
            return Name(claims, name);
        }
        catch (Exception broken) when (IsOfMalformed(broken))
        {
            return TokenAnswer.Refused("its claims make no sense");
        }
    }

    private string? Expiry(JsonWebToken token)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        if (token.ValidTo == DateTime.MinValue)
            return "it never expires";
        if (token.ValidTo <= now - Skew)
            return string.Create(CultureInfo.InvariantCulture, $"it expired at {token.ValidTo:u}");
        return token.ValidFrom > now + Skew ? string.Create(CultureInfo.InvariantCulture, $"it is not valid before {token.ValidFrom:u}") : null;
    }

    // RFC 9068 §2.2.3 has "scope" as text; others have "scp", as text or as an array.
    private static IEnumerable<string> Scopes(JsonElement claims)
    {
        foreach (var claim in new[] { "scope", "scp" })
        {
            if (!claims.TryGetProperty(claim, out var value))
                continue;
            foreach (var each in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value])
            {
                foreach (var scope in each.ValueKind == JsonValueKind.String ? each.GetString()!.Split(' ') : [])
                    yield return scope;
            }
        }
    }

    private TokenAnswer Name(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(_options.Claim, out var claim) || claim.ValueKind != JsonValueKind.String
            || claim.GetString() is not { Length: > 0 and <= MaxName } account || account.Any(char.IsControl))
            return TokenAnswer.Refused($"it has no {_options.Claim} that names an account");

        // To the provider, names that SASLprep makes one of are several people's; the account is that of one of them.
        if (SaslPrep.Prepare(account) != account)
            return TokenAnswer.Refused($"its {_options.Claim} names nobody here, since it is not in its prepared form (SASLprep)");

        // OpenID Connect Core 1.0 §5.1: anybody may have given an address that the provider has not verified.
        if (_options.Claim == TokenOptions.DefaultClaim && !IsVerified(claims))
            return TokenAnswer.Refused("its e-mail address is not verified (email_verified)");
        return name.Length == 0 || string.Equals(name, account, StringComparison.OrdinalIgnoreCase)
            ? TokenAnswer.Verified(account)
            : TokenAnswer.Refused($"it is for {account}");
    }

    private bool IsVerified(JsonElement claims) => claims.TryGetProperty("email_verified", out var verified)
        ? verified.ValueKind == JsonValueKind.True || (verified.ValueKind == JsonValueKind.String && verified.GetString() == "true")
        : _options.TrustsAddresses;

    private static string Explain(Exception? exception) => exception switch
    {
        SecurityTokenInvalidIssuerException => "it is of another issuer",
        SecurityTokenInvalidAudienceException => "it is for another audience",
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException => "its signature is not the provider's",
        null => "it was not taken",
        var other => $"it was not taken ({other.GetType().Name})",
    };

    private static bool IsOfMalformed(Exception exception) =>
        exception is ArgumentException or FormatException or JsonException or SecurityTokenException
            or InvalidOperationException or InvalidCastException or OverflowException;
}
