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
