namespace Pillarbox.Configuration.Rules;

/// <summary>What must hold between settings. Each rule notes its faults; one that needs a setting which is faulty itself says nothing.</summary>
internal static class Rule
{
    private static readonly Action<Settings>[] All =
    [
        ListenerRules.Named,
        ListenerRules.SomebodyCanSend,
        ListenerRules.LoginIsPossible,
        ListenerRules.LmtpHasItsPort,
        AddressRules.NotTwice,
        AddressRules.ConsoleOnLoopback,
        CertificateRules.BelongTogether,
        CertificateRules.AuthoritiesReadable,
        VouchedRules.AuthoritiesReadable,
        VouchedRules.CertificatesCanBeShown,
        VouchedRules.ProviderIsWhole,
        VouchedRules.SourceCanTell,
        VouchedRules.MechanismsCanBeUsed,
        AccountRules.AnyStaysHere,
        AccountRules.FileIsSound,
        SourceRules.PostgresIsSound,
        SourceRules.LdapIsSound,
        SourceRules.DovecotTellsNoRecipients,
        RoutingRules.DomainsOnce,
        RoutingRules.TemplatesSafe,
        ListRules.Once,
        ListRules.OfOurDomains,
        ListRules.HaveMembers,
        ListRules.Reachable,
        ListRules.Bounded,
        QueueRules.WaitsGiven,
        QueueRules.WarnsAheadOfExpiry,
    ];

    /// <summary>Applies every rule.</summary>
    /// <param name="settings">The settings, which take the faults.</param>
    /// <param name="makesCertificate">Whether the server makes a certificate of its own where none is given.</param>
    public static void CheckAll(Settings settings, bool makesCertificate)
    {
        if (!makesCertificate)
            CertificateRules.ThereForTls(settings);
        foreach (var rule in All)
            rule(settings);
    }
}
