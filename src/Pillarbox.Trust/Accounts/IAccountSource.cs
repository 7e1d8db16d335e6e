namespace Pillarbox.Trust.Accounts;

/// <summary>How a login ended.</summary>
public enum LoginOutcome
{
    /// <summary>The secret is right.</summary>
    Verified,

    /// <summary>No such account, or another secret: the client is told the same of both.</summary>
    Refused,

    /// <summary>The source cannot say now: 454 4.7.0.</summary>
    Unavailable,
}

/// <summary>A login's answer.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Account">The account's name as the source has it, where verified.</param>
public readonly record struct LoginAnswer(LoginOutcome Outcome, string? Account = null);

/// <summary>Where accounts live. Thread-safe. Unknown and known names take the same time and get the same answer.</summary>
public interface IAccountSource
{
    /// <summary>Whether a mechanism's name (upper case) can be verified by this source.</summary>
    bool Supports(string mechanism);

    /// <summary>Checks a name and a password, as PLAIN and LOGIN carry them. Costly work runs elsewhere, with bounded concurrency.</summary>
    ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default);

    /// <summary>
    /// Whether who logs in by <paramref name="name"/> may act as <paramref name="identity"/> (RFC 4422 §2): as itself, unless the
    /// source says otherwise.
    /// </summary>
    bool MayActAs(string name, string identity) => string.Equals(name, identity, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a local part or a whole address belongs to an account: for <c>recipients = "accounts"</c>.</summary>
    ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default);
}
