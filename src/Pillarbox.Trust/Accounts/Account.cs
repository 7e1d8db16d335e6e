using System.Collections.Immutable;

namespace Pillarbox.Trust.Accounts;

/// <summary>Somebody who may log in.</summary>
/// <param name="Name">The name, as the client gives it; letters are the same in either case.</param>
/// <param name="Verifiers">What a secret is checked against, each typed by its scheme: <c>$argon2id$…</c>, <c>$scram-sha-256$…</c>, <c>$plain$…</c>.</param>
public sealed record Account(string Name, ImmutableArray<string> Verifiers)
{
    /// <summary>The addresses that it may send from, as <see cref="SenderRights"/> has them; empty for any.</summary>
    public ImmutableArray<string> Senders { get; init; } = [];

    /// <summary>Whether it is closed.</summary>
    public bool Disabled { get; init; }

    /// <summary>Whether its password must be changed before it is of use again.</summary>
    public bool MustChangePassword { get; init; }
}
