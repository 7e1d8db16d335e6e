using System.Collections.Immutable;

namespace Pillarbox.Trust.Accounts;

/// <summary>Somebody who may log in.</summary>
/// <param name="Name">The name, as the client gives it; letters are the same in either case.</param>
/// <param name="Verifiers">What a secret is checked against, each typed by its scheme in the PHC string format: <c>$argon2id$…</c>.</param>
public sealed record Account(string Name, ImmutableArray<string> Verifiers);
