using System.Net;
using Pillarbox.Trust.Accounts.Ldap;
using Pillarbox.Trust.Accounts.Postgres;

namespace Pillarbox.Configuration.Rules;

/// <summary>What must hold of the settings of sources elsewhere. Whether they answer is not asked: they may come later.</summary>
internal static class SourceRules
{
    /// <summary>A database is named, in a way that can be read, and can verify something.</summary>
    public static void PostgresIsSound(Settings settings)
    {
        const string Connection = "accounts.postgres.connection";
        if (!Uses(settings, "postgres"))
            return;
        if (settings.Find<string>(Connection) is not { } connection)
            settings.Fault(Connection, "is missing; name the database, such as \"Host=/run/postgresql;Database=mail;Username=pillarbox\"");
        else if (PostgresOptions.FaultOf(connection) is { } fault)
            settings.Fault(Connection, $"cannot be read ({fault}); write it as \"Host=/run/postgresql;Database=mail;Username=pillarbox\"");
        if (settings.GetList<string>("accounts.postgres.mechanisms").IsEmpty)
            settings.Fault("accounts.postgres.mechanisms", "is empty, so nobody could log in; leave it out, or name what the verifiers serve");
    }

    /// <summary>A directory is named, passwords do not cross the network in clear, and accounts are found in one way.</summary>
    public static void LdapIsSound(Settings settings)
    {
        const string Table = "accounts.ldap";
        if (!Uses(settings, "ldap"))
            return;
        if (settings.Find<LdapServer>($"{Table}.server") is not { } server)
            settings.Fault($"{Table}.server", "is missing; name the directory, such as \"ldaps://ldap.example.org\"");
        else if (settings.Get<bool>($"{Table}.starttls") && server.IsTls)
            settings.Fault($"{Table}.starttls", "has no place with ldaps://, which is TLS from the start; leave it out");
        else if (!settings.Get<bool>($"{Table}.starttls") && !server.IsTls && !IsThisMachine(server.Host))
            settings.Fault($"{Table}.server", "passwords would cross the network in clear; write ldaps://, or starttls = true");

        var (template, under) = (settings.Find<string>($"{Table}.user-dn"), settings.Find<string>($"{Table}.base"));
        if (template is null && under is null)
            settings.Fault($"{Table}.user-dn", "is missing, and base too, so no account could be found; write \"uid={name},ou=people,dc=example,dc=org\", or the base of a search");
        if (template?.Contains("{name}", StringComparison.Ordinal) == false)
            settings.Fault($"{Table}.user-dn", "is the same whoever logs in; write {name} where the name stands, such as \"uid={name},ou=people,dc=example,dc=org\"");
        if (template is not null && settings.IsGiven($"{Table}.filter"))
            settings.Fault($"{Table}.filter", "is of no use beside user-dn, which finds the accounts; leave one of them out");
        if (settings.IsGiven($"{Table}.bind-dn") != settings.IsGiven($"{Table}.password-file"))
            settings.Fault($"{Table}.{(settings.IsGiven($"{Table}.bind-dn") ? "password-file" : "bind-dn")}", "is missing, and bind-dn and password-file are of no use one without the other");

        foreach (var key in under is null ? settings.SoundItems("domains").ToList() : [])
        {
            if (settings.Get<string>($"{key}.recipients") == "accounts")
                settings.Fault($"{key}.recipients", $"cannot be answered: recipients are searched for below {Table}.base, which is missing; write it, or recipients = \"any\"");
        }
    }

    private static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Dovecot's socket for logins tells of no recipients.</summary>
    public static void DovecotTellsNoRecipients(Settings settings)
    {
        if (!Uses(settings, "dovecot"))
            return;
        foreach (var key in settings.SoundItems("domains").ToList())
        {
            if (settings.Get<string>($"{key}.recipients") == "accounts")
                settings.Fault($"{key}.recipients", "cannot be answered: accounts.source is \"dovecot\", whose socket for logins tells of no recipients; write \"any\"");
        }
    }

    private static bool Uses(Settings settings, string source) => settings.IsSound("accounts") && settings.Get<string>("accounts.source") == source;
}
