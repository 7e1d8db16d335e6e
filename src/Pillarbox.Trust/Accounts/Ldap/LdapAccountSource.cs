using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Pillarbox.Trust.Accounts.Ldap;

/// <summary>Accounts of a directory: a password is right where the directory lets the account bind with it (RFC 4513 §5.1.3).</summary>
public sealed partial class LdapAccountSource : IAccountSource
{
    private const int PasswordExpired = 0;
    private const int ChangeAfterReset = 2;

    private readonly LdapOptions _options;
    private readonly SourceCalls _calls;
    private readonly int _seconds;

    /// <param name="options">Where, and how accounts are found.</param>
    /// <param name="limit">How long an answer may take.</param>
    /// <param name="report">Told, in one line, of what is wrong with the directory.</param>
    /// <param name="time">The clock.</param>
    public LdapAccountSource(LdapOptions options, TimeSpan limit, Action<string> report, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _seconds = Math.Max(1, (int)Math.Ceiling(limit.TotalSeconds));
        _calls = new SourceCalls($"accounts.ldap: {options.Server}", limit, report, time);
    }

    /// <summary>Whether a text is a filter (RFC 4515).</summary>
    public static bool IsFilter(string text) => LdapFilter.IsFilter(text);

    /// <inheritdoc/>
    public IReadOnlySet<string> Mechanisms { get; } = FrozenSet.Create("PLAIN", "LOGIN");

    /// <inheritdoc/>
    public async ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(password);
        var prepared = SaslPrep.Key(name);

        // An empty password would bind as nobody, and succeed (RFC 4513 §5.1.2). A directory passes over blanks at the ends of a value, so
        // such names would be second names of an account.
        if (prepared.Length == 0 || prepared != prepared.Trim() || password.Length == 0 || password.Contains('\0', StringComparison.Ordinal) || prepared.Contains('\0', StringComparison.Ordinal))
            return new LoginAnswer(LoginOutcome.Refused);
        var answer = await _calls.TryAsync(async cancel => new Answer(await VerifyAsync(prepared, SaslPrep.Prepare(password) ?? password, cancel)), cancellationToken);
        return answer?.Login ?? new LoginAnswer(LoginOutcome.Unavailable);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default)
    {
        // At one go: a local part may be "{domain}" itself.
        var filter = Place().Replace(_options.RecipientFilter, place => LdapText.InFilter(place.Value switch
        {
            "{local}" => localPart,
            "{domain}" => domain,
            _ => $"{localPart}@{domain}",
        }));
        return await _calls.AskAsync(
            async cancel =>
            {
                await using var connection = await LdapConnection.OpenAsync(_options, cancel);
                await BindAsServiceAsync(connection, cancel);
                return !(await connection.SearchAsync(_options.Base ?? "", LdapScope.Subtree, 1, filter, null, _seconds, cancel)).IsEmpty;
            },
            cancellationToken);
    }

    private async Task<LoginAnswer> VerifyAsync(string name, string password, CancellationToken cancellationToken)
    {
        await using var connection = await LdapConnection.OpenAsync(_options, cancellationToken);
        LdapEntry? entry = null;
        string? dn;
        if (_options.UserDn is { } template)
            dn = template.Replace("{name}", LdapText.InDn(name), StringComparison.Ordinal);
        else
        {
            entry = await FindAsync(connection, name, cancellationToken);
            dn = entry?.Dn;
        }

        // For a name that is not there, a bind that cannot succeed: so that as many questions are asked as for one that is.
        var bound = await connection.BindAsync(dn ?? $"cn={RandomNumberGenerator.GetHexString(16)},{_options.Base}", password, cancellationToken);
        var outcome = OutcomeOf(bound);
        if (dn is null || outcome == LoginOutcome.Refused)
            return new LoginAnswer(LoginOutcome.Refused);
        var answer = new LoginAnswer(outcome, name.ToLowerInvariant());
        return _options.Senders is null || outcome != LoginOutcome.Verified ? answer : answer with { Senders = await SendersAsync(connection, dn, entry, cancellationToken) };
    }

    private async Task<LdapEntry?> FindAsync(LdapConnection connection, string name, CancellationToken cancellationToken)
    {
        await BindAsServiceAsync(connection, cancellationToken);
        var filter = _options.Filter.Replace("{name}", LdapText.InFilter(name), StringComparison.Ordinal);
        var found = await connection.SearchAsync(_options.Base ?? "", LdapScope.Subtree, 2, filter, _options.Senders, _seconds, cancellationToken);
        return found.Length > 1 ? throw new SourceException("accounts.ldap.filter finds more than one entry for a name") : found.FirstOrDefault();
    }

    private async Task BindAsServiceAsync(LdapConnection connection, CancellationToken cancellationToken)
    {
        if (_options is not { BindDn: { } dn, PasswordFile: { } file })
            return;
        var password = (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n');
        if (password.Length == 0)
            throw new SourceException($"{file} is empty, and without a password {dn} would be nobody");
        var bound = await connection.BindAsync(dn, password, cancellationToken);
        if (bound.Result != LdapResult.Success)
            throw LdapConnection.Refused($"the bind as {dn}", bound);
    }

    // An account has what its entry says, and where that says nothing, no address: mistaken for "any", a forgotten attribute would be a right.
    private async Task<SenderRights> SendersAsync(LdapConnection connection, string dn, LdapEntry? entry, CancellationToken cancellationToken)
    {
        entry ??= (await connection.SearchAsync(dn, LdapScope.Base, 1, "(objectClass=*)", _options.Senders, _seconds, cancellationToken)).FirstOrDefault();
        return new SenderRights([.. (entry?.Values ?? []).Where(SenderRights.IsPattern)]);
    }

    // draft-behera-ldap-password-policy-10 §9.1: an expired password is told of once it was given; that an account is locked, to anybody,
    // and so it is not passed on.
    private LoginOutcome OutcomeOf(LdapMessage bound) => bound.Result switch
    {
        LdapResult.Success => bound.PolicyError == ChangeAfterReset ? LoginOutcome.MustChangePassword : LoginOutcome.Verified,
        LdapResult.InvalidCredentials when bound.PolicyError == PasswordExpired => LoginOutcome.MustChangePassword,
        LdapResult.InvalidCredentials or LdapResult.NoSuchObject or LdapResult.InvalidDnSyntax or LdapResult.InappropriateAuthentication
            or LdapResult.ConstraintViolation => LoginOutcome.Refused,

        // Some say so of an account that is locked; a directory that takes no simple binds says so of everybody. Where the service account
        // could bind, or a policy speaks, it is the account.
        LdapResult.UnwillingToPerform when bound.PolicyError is not null || _options is { UserDn: null, BindDn: not null } => LoginOutcome.Refused,
        _ => throw LdapConnection.Refused("a bind", bound),
    };

    [GeneratedRegex(@"\{(local|domain|address)\}")]
    private static partial Regex Place();

    private sealed record Answer(LoginAnswer Login);
}
