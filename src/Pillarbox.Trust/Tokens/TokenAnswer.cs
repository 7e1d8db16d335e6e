namespace Pillarbox.Trust.Tokens;

/// <summary>What became of a token.</summary>
public enum TokenOutcome
{
    /// <summary>It is good.</summary>
    Verified,

    /// <summary>It is not.</summary>
    Refused,

    /// <summary>It would be, but for its scope.</summary>
    LacksScope,

    /// <summary>The provider's keys cannot be had now.</summary>
    Unavailable,
}

/// <summary>What became of a token, and why.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Name">Whom it is for, where it is good.</param>
/// <param name="Cause">Why it is not, for the log: nothing of the token's secrets.</param>
public readonly record struct TokenAnswer(TokenOutcome Outcome, string Name, string Cause)
{
    internal static TokenAnswer Verified(string name) => new(TokenOutcome.Verified, name, "");

    internal static TokenAnswer Refused(string cause) => new(TokenOutcome.Refused, "", cause);
}
