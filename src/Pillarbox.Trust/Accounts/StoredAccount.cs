using Pillarbox.Protocol.Sasl;

namespace Pillarbox.Trust.Accounts;

/// <summary>An account of a source that keeps verifiers, with these read.</summary>
/// <param name="Account">The account.</param>
/// <param name="Secrets">Its verifiers.</param>
internal sealed record StoredAccount(Account Account, AccountSecrets Secrets)
{
    /// <summary>What a login comes to for who knows the secret.</summary>
    public LoginAnswer Standing => new(
        Account.Disabled ? LoginOutcome.Disabled : Account.MustChangePassword ? LoginOutcome.MustChangePassword : LoginOutcome.Verified,
        Account.Name)
    {
        Senders = Account.Senders.IsEmpty ? null : new SenderRights(Account.Senders),
    };

    /// <summary>What it comes to for whom others vouch: a password that must be changed is none of the business of who did not use it.</summary>
    public LoginAnswer StandingWithoutPassword => Standing is { Outcome: LoginOutcome.MustChangePassword } answer ? answer with { Outcome = LoginOutcome.Verified } : Standing;

    /// <summary>What is kept of the password for SCRAM with a hash; <see langword="null"/> for nothing.</summary>
    public ScramCredential? Scram(ScramHash hash) => Secrets.Scrams.FirstOrDefault(scram => scram.Mechanism == hash.Mechanism);

    /// <summary>What a mechanism that never shows the secret is given; of an account that is not there, what nothing fits.</summary>
    /// <param name="account">The account, or <see langword="null"/> where the name has none.</param>
    /// <param name="name">The name that was asked for.</param>
    /// <param name="mechanism">The mechanism.</param>
    /// <param name="key">What the salt of names that are not there is derived with.</param>
    /// <param name="like">Whose cost it has where there is nothing.</param>
    public static CredentialAnswer Credential(StoredAccount? account, string name, string mechanism, ReadOnlySpan<byte> key, Func<ScramHash, ScramCredential?> like)
    {
        var login = account?.Standing ?? new LoginAnswer(LoginOutcome.Refused);
        if (mechanism == "CRAM-MD5")
            return new CredentialAnswer(new SharedSecret(account?.Secrets.Readable is { } octets ? octets : null), login);

        var hash = ScramHash.All.First(each => mechanism.StartsWith(each.Mechanism, StringComparison.Ordinal)
            && (mechanism.Length == each.Mechanism.Length || mechanism[each.Mechanism.Length..] == "-PLUS"));
        return new CredentialAnswer(account?.Scram(hash) ?? ScramVerifier.ForNobody(hash, name, key, like(hash)), login);
    }
}
