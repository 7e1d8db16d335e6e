using System.Collections.Immutable;
using System.Net;
using Pillarbox.Configuration.Rules;
using Pillarbox.Delivery;
using Pillarbox.Delivery.Routing;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue.Lists;
using Pillarbox.Server;
using Pillarbox.Server.Guessing;
using Pillarbox.Trust.Dns;
using Pillarbox.Trust.Tokens;

namespace Pillarbox.Configuration;

/// <summary>Makes each room's options of settings that have no fault.</summary>
internal static class OptionsBuilder
{
    /// <summary>The options.</summary>
    /// <param name="settings">The settings, without faults.</param>
    /// <param name="stateDirectory">Where state is kept when the settings do not say.</param>
    /// <param name="language">The language of what is written to people when the settings do not say.</param>
    public static PillarboxOptions Build(Settings settings, string stateDirectory, string language) => new()
    {
        Server = Server(settings),
        Delivery = Delivery(settings) with { Language = settings.Find<string>("language") ?? language },
        Accounts = AccountOptionsBuilder.Build(settings),
        Tokens = Tokens(settings),
        ClientAuthorities = settings.Find<string>("tls.client-authorities"),
        Certificate = settings.Find<string>("tls.certificate") is { } certificate && settings.Find<string>("tls.key") is { } key
            ? new CertificateFiles(certificate, key)
            : null,
        Store = settings.Get<string>("queue.store") == "memory" ? QueueStoreKind.Memory : QueueStoreKind.RocksDb,
        DnsServers = settings.GetList<IPEndPoint>("dns.servers"),
        Console = settings.Get<IPEndPoint>("console.address"),
        Data = settings.Find<string>("data") ?? stateDirectory,
    };

    /// <summary>The routes; without any, mail goes by MX.</summary>
    public static ImmutableArray<Route> Routes(Settings settings) => settings.Count("routes") == 0
        ? [new Route("*", new DeliveryTarget.Mx())]
        : [.. settings.SoundItems("routes").Select(key => new Route(settings.Get<string>($"{key}.to"), settings.Get<DeliveryTarget>($"{key}.via")))];

    /// <summary>The lists, their domains in ASCII.</summary>
    public static IEnumerable<MailingList> Lists(Settings settings) => settings.SoundItems("lists").Select(key => new MailingList(
        InAscii(settings.Get<Mailbox>($"{key}.address")),
        settings.GetList<Mailbox>($"{key}.members"),
        settings.Find<Mailbox>($"{key}.owner")));

    /// <summary>A listener.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="key">Its table, such as <c>listeners[0]</c>, which has no fault.</param>
    public static ListenerOptions Listener(Settings settings, string key) => new()
    {
        Name = settings.Get<string>($"{key}.name"),
        Address = settings.Get<IPEndPoint>($"{key}.address"),
        Role = settings.Get<string>($"{key}.role") switch
        {
            "submission" => ListenerRole.Submission,
            "inbound" => ListenerRole.Inbound,
            "lmtp" => ListenerRole.Lmtp,
            _ => ListenerRole.Capture,
        },
        Tls = settings.Get<string>($"{key}.tls") switch
        {
            "starttls" => ListenerTls.StartTls,
            "implicit" => ListenerTls.Implicit,
            _ => ListenerTls.None,
        },
        Auth = settings.Get<string>($"{key}.auth") switch
        {
            "optional" => ListenerAuth.Optional,
            "required" => ListenerAuth.Required,
            _ => ListenerAuth.None,
        },
        InsecureAuth = settings.Get<bool>($"{key}.insecure-auth"),
        Mechanisms = settings.GetList<string>($"{key}.mechanisms"),
        ClientCertificates = settings.Get<string>($"{key}.client-certificates") switch
        {
            "optional" => ClientCertificates.Optional,
            "required" => ClientCertificates.Required,
            _ => ClientCertificates.None,
        },
        CheckFrom = settings.Get<bool>($"{key}.check-from"),
        ReceivedAccount = settings.Get<bool>($"{key}.received-account"),
        BareNewlines = settings.Get<string>($"{key}.bare-newlines") == "normalize" ? BareNewlines.Normalize : BareNewlines.Reject,
        RelayFrom = settings.GetList<IPNetwork>($"{key}.relay-from"),
        ProxyFrom = settings.GetList<IPNetwork>($"{key}.proxy-from"),
        XclientFrom = settings.GetList<IPNetwork>($"{key}.xclient-from"),
        EtrnFrom = settings.GetList<IPNetwork>($"{key}.etrn-from"),
        Verify = settings.Get<bool>($"{key}.verify"),
        Expand = settings.Get<bool>($"{key}.expand"),
        RefuseNullMx = settings.Get<bool>($"{key}.refuse-null-mx"),
    };

    private static SmtpServerOptions Server(Settings settings) => new()
    {
        Hostname = settings.Get<string>("hostname"),
        Listeners = [.. settings.SoundItems("listeners").Select(key => Listener(settings, key))],
        Policy = new ServerPolicy(Limits(settings), [.. settings.SoundItems("domains").Select(key => Domain(settings, key))])
        {
            Lists = AllLists(settings),
            Guessing = Guessing(settings),
        },
    };

    private static GuessingOptions Guessing(Settings settings) => new()
    {
        Failures = settings.Get<int>("accounts.guessing.failures"),
        Window = settings.Get<TimeSpan>("accounts.guessing.window"),
        Ban = settings.Get<TimeSpan>("accounts.guessing.ban"),
        Never = settings.GetList<IPNetwork>("accounts.guessing.never"),
        TellDisabled = settings.Get<bool>("accounts.tell-disabled"),
    };

    private static LimitOptions Limits(Settings settings) => new()
    {
        MessageSize = settings.Get<long>("limits.message-size"),
        Recipients = settings.Get<int>("limits.recipients"),
        TextLine = (int)settings.Get<long>("limits.text-line"),
        Connections = settings.Get<int>("limits.connections"),
        ConnectionsPerClient = settings.Get<int>("limits.connections-per-client"),
        Transactions = settings.Get<int>("limits.transactions"),
        Chatter = settings.Get<int>("limits.chatter"),
        Errors = settings.Get<int>("limits.errors"),
        Idle = settings.Get<TimeSpan>("limits.idle"),
        Transaction = settings.Get<TimeSpan>("limits.transaction"),
        Handshake = settings.Get<TimeSpan>("limits.handshake"),
        DataRate = settings.Get<long>("limits.data-rate"),
        FutureRelease = settings.Get<TimeSpan>("limits.future-release"),
        ShutdownGrace = settings.Get<TimeSpan>("limits.shutdown-grace"),
    };

    private static MailingLists AllLists(Settings settings) =>
        settings.Count("lists") == 0 ? MailingLists.None : new MailingLists(Lists(settings));

    private static Mailbox InAscii(Mailbox address) =>
        DomainNames.TryToAscii(address.Domain.ToString(), out var domain) ? address.At(domain) : address;

    private static LocalDomain Domain(Settings settings, string key) => new(
        settings.Get<string>($"{key}.name").ToLowerInvariant(),
        settings.Get<string>($"{key}.recipients") == "accounts" ? RecipientCheck.Accounts : RecipientCheck.Any,
        settings.Get<DeliveryTarget>($"{key}.deliver") is DeliveryTarget.Maildir { NamesPath: true });

    private static DeliveryOptions Delivery(Settings settings) => new()
    {
        Hostname = settings.Get<string>("hostname"),
        Routes = Routes(settings),
        Lists = AllLists(settings),
        Domains = settings.SoundItems("domains").ToImmutableDictionary(
            key => settings.Get<string>($"{key}.name"), key => settings.Get<DeliveryTarget>($"{key}.deliver"), StringComparer.OrdinalIgnoreCase),
        Retry = settings.GetList<TimeSpan>("queue.retry"),
        Expire = settings.Get<TimeSpan>("queue.expire"),
        Warn = settings.Get<TimeSpan>("queue.warn") is var warn && warn == Timeout.InfiniteTimeSpan ? null : warn,
        Connections = settings.Get<int>("delivery.connections"),
        ConnectionsPerDestination = settings.Get<int>("delivery.connections-per-destination"),
        Port = settings.Get<int>("delivery.port"),
        Authorities = settings.Find<string>("delivery.authorities") is { } authorities ? CertificateRules.ReadAll(authorities) : [],
    };

    private static TokenOptions? Tokens(Settings settings) => settings.Find<string>("accounts.oauth.issuer") is not { } issuer ? null : new TokenOptions
    {
        Issuer = issuer,
        Audience = settings.Get<string>("accounts.oauth.audience"),
        Scopes = settings.GetList<string>("accounts.oauth.scope"),
        Claim = settings.Get<string>("accounts.oauth.claim"),

        // Who has written it knows the provider.
        TrustsAddresses = settings.IsGiven("accounts.oauth.claim"),
    };
}
