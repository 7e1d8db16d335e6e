using Pillarbox.Protocol.Sasl;

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

    /// <summary>The secret is right, and must be changed first: 432 4.7.12.</summary>
    MustChangePassword,

    /// <summary>The secret is right, and the account is closed: 525 5.7.13 where that is configured, else the client is told the same as of a wrong one.</summary>
    Disabled,
}

/// <summary>A login's answer.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Account">The account's name as the source has it, where verified.</param>
public readonly record struct LoginAnswer(LoginOutcome Outcome, string? Account = null)
{
    /// <summary>The addresses that the account may send from; <see langword="null"/> for any.</summary>
    public SenderRights? Senders { get; init; }
}

/// <summary>What is stored for a mechanism in which the exchange itself finds out who knows the secret.</summary>
/// <param name="Credential">The credential, one that nothing fits for a name that is not there; <see langword="null"/> where the source cannot say now.</param>
/// <param name="Login">What a login comes to once the secret is proved.</param>
public readonly record struct CredentialAnswer(SaslCredential? Credential, LoginAnswer Login);

/// <summary>Where accounts live. Thread-safe. Unknown and known names take the same time and get the same answer.</summary>
public interface IAccountSource
{
    /// <summary>The mechanisms, in upper case, that this source can verify now: the same set until that changes.</summary>
    IReadOnlySet<string> Mechanisms { get; }

    /// <summary>How many passwords it checks at a time; of more, the server lets each client's network have its turn.</summary>
    int ChecksAtOnce => 8;

    /// <summary>Checks a name and a password, as PLAIN and LOGIN carry them. Costly work runs elsewhere, with bounded concurrency.</summary>
    ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default);

    /// <summary>The same, for sources that weigh who asks.</summary>
    ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, LoginClient client, CancellationToken cancellationToken = default) =>
        VerifyPasswordAsync(name, password, cancellationToken);

    /// <summary>What is stored of a name for a mechanism that never shows the secret; asked only for those of <see cref="Mechanisms"/>.</summary>
    ValueTask<CredentialAnswer> FindCredentialAsync(string name, string mechanism, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new CredentialAnswer(null, new LoginAnswer(LoginOutcome.Unavailable)));

    /// <summary>
    /// What a login comes to for who has proved to be <paramref name="name"/> by what others vouch for, a token or a certificate; refused
    /// where there is no such account. Asked only where <see cref="Mechanisms"/> has those of <see cref="VouchedLogin.Mechanisms"/>.
    /// </summary>
    ValueTask<LoginAnswer> FindAccountAsync(string name, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new LoginAnswer(LoginOutcome.Unavailable));

    /// <summary>
    /// Whether who logs in by <paramref name="name"/> may act as <paramref name="identity"/> (RFC 4422 §2): as itself, unless the
    /// source says otherwise.
    /// </summary>
    bool MayActAs(string name, string identity) => SaslPrep.AreSameName(name, identity);

    /// <summary>Whether a local part or a whole address belongs to an account: for <c>recipients = "accounts"</c>.</summary>
    ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default);
}
