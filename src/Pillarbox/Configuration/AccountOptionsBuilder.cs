using Pillarbox.Configuration.Rules;
using Pillarbox.Trust.Accounts.Ldap;
using Pillarbox.Trust.Accounts.Postgres;

namespace Pillarbox.Configuration;

/// <summary>Makes the accounts' options of settings that have no fault.</summary>
internal static class AccountOptionsBuilder
{
    /// <summary>The options.</summary>
    public static AccountOptions Build(Settings settings)
    {
        var source = Source(settings);
        return new AccountOptions(source, settings.Get<string>("accounts.file"))
        {
            Timeout = settings.Get<TimeSpan>("accounts.timeout"),
            Cache = settings.Get<TimeSpan>("accounts.cache"),
            Postgres = source == AccountSourceKind.Postgres ? Postgres(settings) : null,
            Ldap = source == AccountSourceKind.Ldap ? Ldap(settings) : null,
            Dovecot = source == AccountSourceKind.Dovecot ? settings.Get<string>("accounts.dovecot.socket") : null,
        };
    }

    private static AccountSourceKind Source(Settings settings) => settings.Get<string>("accounts.source") switch
    {
        "any" => AccountSourceKind.Any,
        "postgres" => AccountSourceKind.Postgres,
        "ldap" => AccountSourceKind.Ldap,
        "dovecot" => AccountSourceKind.Dovecot,
        _ => AccountSourceKind.File,
    };

    private static PostgresOptions Postgres(Settings settings) => new()
    {
        Connection = settings.Get<string>("accounts.postgres.connection"),
        PasswordFile = settings.Find<string>("accounts.postgres.password-file"),
        Query = settings.Get<string>("accounts.postgres.query"),
        RecipientQuery = settings.Get<string>("accounts.postgres.recipient-query"),
        Mechanisms = settings.GetList<string>("accounts.postgres.mechanisms"),
        Connections = settings.Get<int>("accounts.postgres.connections"),
    };

    private static LdapOptions Ldap(Settings settings) => new()
    {
        Server = settings.Get<LdapServer>("accounts.ldap.server"),
        StartTls = settings.Get<bool>("accounts.ldap.starttls"),
        Authorities = settings.Find<string>("accounts.ldap.authorities") is { } authorities ? CertificateRules.ReadAll(authorities) : [],
        UserDn = settings.Find<string>("accounts.ldap.user-dn"),
        Base = settings.Find<string>("accounts.ldap.base"),
        Filter = settings.Get<string>("accounts.ldap.filter"),
        RecipientFilter = settings.Get<string>("accounts.ldap.recipient-filter"),
        BindDn = settings.Find<string>("accounts.ldap.bind-dn"),
        PasswordFile = settings.Find<string>("accounts.ldap.password-file"),
        Senders = settings.Find<string>("accounts.ldap.senders"),
    };
}
