namespace Pillarbox.Protocol.Sasl;

/// <summary>What a client is told of a token that was not taken (RFC 7628 §3.2.2), so that it can get one that would be.</summary>
/// <param name="LacksScope">Whether the token is good but for its scope (RFC 6750 §3.1).</param>
/// <param name="Scope">The scopes that are needed, with blanks between them; empty for none.</param>
/// <param name="Configuration">Where the provider's discovery document is; empty where that is not known.</param>
public readonly record struct TokenRefusal(bool LacksScope, string Scope, string Configuration);
