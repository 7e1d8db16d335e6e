namespace Pillarbox.Trust.Accounts;

/// <summary>Logins for which others vouch: an OpenID provider, or who signed a certificate. The account source says only whose they are.</summary>
public static class VouchedLogin
{
    /// <summary>The mechanisms, which a source has among its own where it can tell of a name alone.</summary>
    public static IReadOnlyList<string> Mechanisms { get; } = ["OAUTHBEARER", "XOAUTH2", "EXTERNAL"];
}
