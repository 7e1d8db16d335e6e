using System.Collections.Immutable;

namespace Pillarbox.Trust.Accounts.Dovecot;

/// <summary>What Dovecot says of a login.</summary>
/// <param name="Verb"><c>OK</c>, <c>FAIL</c> or <c>CONT</c>.</param>
/// <param name="Fields">Its parameters, <c>name=value</c> or a name alone.</param>
internal sealed record DovecotReply(string Verb, ImmutableArray<string> Fields)
{
    /// <summary>What a login comes to.</summary>
    /// <exception cref="SourceException">It cannot say now, or the reply makes no sense.</exception>
    public LoginAnswer Answer()
    {
        if (Verb == "OK")
        {
            // What goes with OK (doc.dovecot.org, Proxy and Nologin extra fields): a proxy need not have looked at the password, which the server
            // behind it does; and who may not log in may not although the password is right.
            if (Has("proxy"))
                throw new SourceException("it is a proxy for this account, and need not have checked its password");
            if (Has("nologin"))
                return new LoginAnswer(LoginOutcome.Disabled, Find("user"));
            var user = Find("user") is { Length: > 0 } name ? name : throw new SourceException("the reply OK names no user");
            return new LoginAnswer(LoginOutcome.Verified, user) { Senders = Senders() };
        }

        if (Verb != "FAIL")
            throw new SourceException("it goes on with PLAIN, which is over after one response");
        // The flags of version 1.0, and the codes that took their place in 1.1.
        if (Is("temp") || Find("code") == "temp_fail")
            throw new SourceException("it cannot say now, for a reason that stands in its own log");
        if (Is("user_disabled") || Find("code") == "user_disabled")
            return new LoginAnswer(LoginOutcome.Disabled, Find("user"));
        if (Is("pass_expired") || Find("code") == "pass_expired")
            return new LoginAnswer(LoginOutcome.MustChangePassword, Find("user"));
        return new LoginAnswer(LoginOutcome.Refused);
    }

    // An extra field of the passdb, ours: addresses with commas between them.
    private SenderRights? Senders()
    {
        if (Find("senders") is not { } list)
            return null;
        ImmutableArray<string> patterns = [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return patterns.All(SenderRights.IsPattern)
            ? new SenderRights(patterns)
            : throw new SourceException("the extra field senders holds something that is neither an address nor @domain");
    }

    private bool Has(string name) => Is(name) || Find(name) is not null;

    private bool Is(string flag) => Fields.Contains(flag);

    private string? Find(string name) =>
        Fields.FirstOrDefault(field => field.StartsWith(name + "=", StringComparison.Ordinal)) is { } found ? found[(name.Length + 1)..] : null;
}
