using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pillarbox.Configuration;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Accounts.Dovecot;
using Pillarbox.Trust.Accounts.Ldap;
using Pillarbox.Trust.Accounts.Postgres;

namespace Pillarbox.Hosting;

/// <summary>Puts the source of accounts together.</summary>
internal static class AccountSources
{
    /// <summary>Adds it.</summary>
    public static void AddAccounts(this IServiceCollection services, AccountOptions options)
    {
        switch (options.Source)
        {
            case AccountSourceKind.Any:
                services.AddSingleton<IAccountSource, AnyAccountSource>();
                break;
            case AccountSourceKind.File:
                // Under its own name too: the file is looked at while the server runs.
                services.AddSingleton(provider => new FileAccountSource(options.File, fault => HostLog.AccountsRefused(Log(provider), fault)));
                services.AddSingleton<IAccountSource>(provider => provider.GetRequiredService<FileAccountSource>());
                break;
            default:
                services.AddSingleton<IAccountSource>(provider =>
                {
                    var time = provider.GetRequiredService<TimeProvider>();
                    return new CachingAccountSource(Elsewhere(options, news => HostLog.AccountsNews(Log(provider), news), time), options.Cache, time);
                });
                break;
        }
    }

    private static IAccountSource Elsewhere(AccountOptions options, Action<string> report, TimeProvider time) => options switch
    {
        { Ldap: { } ldap } => new LdapAccountSource(ldap, options.Timeout, report, time),
        { Dovecot: { } socket } => new DovecotAccountSource(socket, options.Timeout, report, time),
        { Postgres: { } postgres } => new PostgresAccountSource(postgres, options.Timeout, report, time),
        _ => throw new InvalidOperationException($"a source without settings: {options.Source}"),
    };

    private static ILogger Log(IServiceProvider provider) => provider.GetRequiredService<ILogger<IAccountSource>>();
}
