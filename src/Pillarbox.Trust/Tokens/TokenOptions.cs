using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Pillarbox.Trust.Tokens;

/// <summary>Whose tokens let somebody log in, and which of them.</summary>
public sealed record TokenOptions
{
    /// <summary>The claim that names the account unless it is said otherwise.</summary>
    public const string DefaultClaim = "email";

    /// <summary>The OpenID provider, to the letter as its tokens and its discovery document have it.</summary>
    public required string Issuer { get; init; }

    /// <summary>Whom a token must be for (<c>aud</c>, RFC 7519 §4.1.3): this server, as the provider calls it.</summary>
    public required string Audience { get; init; }

    /// <summary>The scopes that a token must have, all of them.</summary>
    public ImmutableArray<string> Scopes { get; init; } = [];

    /// <summary>The claim that names the account.</summary>
    public string Claim { get; init; } = DefaultClaim;

    /// <summary>
    /// Whether an e-mail address names the account although the provider says neither that it has verified it nor that it has not; one that
    /// it has not never does.
    /// </summary>
    public bool TrustsAddresses { get; init; }

    /// <summary>How long the provider may take to tell its keys.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the provider's discovery document is (OpenID Connect Discovery 1.0 §4).</summary>
    public string Configuration => $"{Issuer.TrimEnd('/')}/.well-known/openid-configuration";

    /// <summary>Whether a provider's keys can be had safely from there: by HTTPS, or without leaving the machine.</summary>
    public static bool IsSafe(string address, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(address, UriKind.Absolute, out uri) && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    /// <inheritdoc/>
    public bool Equals(TokenOptions? other) => other is not null && Issuer == other.Issuer && Audience == other.Audience
        && Scopes.SequenceEqual(other.Scopes) && Claim == other.Claim && TrustsAddresses == other.TrustsAddresses && Timeout == other.Timeout;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Issuer, Audience, Claim);
}
