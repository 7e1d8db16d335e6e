using System.Collections.Frozen;

namespace Pillarbox.Trust.Accounts;

/// <summary>Takes every name with every password: for a server from which nothing leaves the machine.</summary>
public sealed class AnyAccountSource : IAccountSource
{
    /// <inheritdoc/>
    public IReadOnlySet<string> Mechanisms { get; } = FrozenSet.ToFrozenSet(["PLAIN", "LOGIN", .. VouchedLogin.Mechanisms]);

    /// <inheritdoc/>
    public ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new LoginAnswer(LoginOutcome.Verified, name));

    /// <inheritdoc/>
    public ValueTask<LoginAnswer> FindAccountAsync(string name, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new LoginAnswer(LoginOutcome.Verified, name));

    /// <inheritdoc/>
    public bool MayActAs(string name, string identity) => true;

    /// <inheritdoc/>
    public ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default) => ValueTask.FromResult(true);
}
