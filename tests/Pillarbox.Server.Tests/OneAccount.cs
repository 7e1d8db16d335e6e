using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Pillarbox.Protocol.Sasl;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Server.Tests;

/// <summary>
/// Has one account, ann, whose password is made for the test; ann may act as team too. The same password fits bob (who may send as bob@example.org and from team.example), closed (which is), cat (who is cat@example.org), stale
/// (whose password must change) and down (of which the source cannot say).
/// </summary>
/// <param name="mechanisms">What is verified; none given: PLAIN and LOGIN.</param>
internal sealed class OneAccount(IReadOnlyCollection<string> mechanisms) : IAccountSource
{
    private int _checks;
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16);

    /// <summary>How many passwords were checked.</summary>
    public int Checks => Volatile.Read(ref _checks);

    /// <summary>Ann's.</summary>
    public string Password { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));

    /// <inheritdoc/>
    public IReadOnlySet<string> Mechanisms { get; } = FrozenSet.ToFrozenSet(mechanisms.Count > 0 ? mechanisms : ["PLAIN", "LOGIN"]);

    /// <inheritdoc/>
    public ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _checks);
        return new(password == Password ? Standing(name) : new LoginAnswer(LoginOutcome.Refused));
    }

    /// <inheritdoc/>
    public ValueTask<CredentialAnswer> FindCredentialAsync(string name, string mechanism, CancellationToken cancellationToken = default)
    {
        var login = Standing(name);
        var isThere = login.Outcome != LoginOutcome.Refused;
        if (mechanism == "CRAM-MD5")
            return new(new CredentialAnswer(new SharedSecret(isThere ? Encoding.UTF8.GetBytes(Password) : null), login));

        var hash = ScramHash.All.Single(each => mechanism == each.Mechanism || mechanism == each.Mechanism + "-PLUS");
        return new(new CredentialAnswer(hash.Derive(Password, _salt, 4096) with { IsForNobody = !isThere }, login));
    }

    /// <inheritdoc/>
    public bool MayActAs(string name, string identity) => name == identity || (name == "ann" && identity == "team");

    /// <inheritdoc/>
    public ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default) => new(localPart == "ann");

    private static LoginAnswer Standing(string name) => new(
        name switch
        {
            "ann" or "bob" or "cat" => LoginOutcome.Verified,
            "closed" => LoginOutcome.Disabled,
            "stale" => LoginOutcome.MustChangePassword,
            "down" => LoginOutcome.Unavailable,
            _ => LoginOutcome.Refused,
        },
        name == "cat" ? "cat@example.org" : name)
    {
        Senders = name == "bob" ? new SenderRights(["bob@example.org", "@team.example"]) : null,
    };
}
