using System.Collections.Frozen;
using System.Collections.Immutable;
using Pillarbox.Configuration.Values;
using Pillarbox.Trust.Accounts.Postgres;

namespace Pillarbox.Configuration;

/// <summary>Every key of the configuration file, in the order of the documentation: the one place to add one.</summary>
internal static class Keys
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly AnyText Text = new();
    private static readonly Flag Flag = new();

    /// <summary>The table.</summary>
    public static readonly ImmutableArray<Key> All =
    [
        new("hostname", new DomainName(), null, "The server's name in the greeting, in EHLO and in Received.") { Required = true },
        new("data", new DirectoryPath(), null, "Where the queue, the captured messages and the console's token are kept. Not given: as for the evaluation server, below."),
        new("language", new LanguageTag(), null,
            "The language of what the server writes to people: bounces and notices of delay, which hold English too. Over SMTP it is always English. Not given: as `LC_ALL`, `LC_MESSAGES` or `LANG` say; `serve --lang` wins over all."),

        new("listeners[].name", Text, null, "What logs and figures call the listener.") { Required = true },
        new("listeners[].address", new SocketAddress(0), null, "Where it listens. Port 0 takes a free one.") { Required = true },
        new("listeners[].role", new Choice(["submission", "inbound", "lmtp", "capture"]), null,
            "`submission`: AUTH decides who may relay. `inbound`: mail for `[[domains]]` only. `lmtp`: the same by LMTP, from a mail server close by; never on port 25. `capture`: keeps every message and sends none on.") { Required = true },
        new("listeners[].tls", new Choice(["none", "starttls", "implicit"]), "none", "Whether TLS is spoken, and from when on."),
        new("listeners[].auth", new Choice(["none", "optional", "required"]), "none",
            "`optional`: without AUTH, mail for `[[domains]]` only. `required`: before MAIL."),
        new("listeners[].insecure-auth", Flag, "false", "`true` offers AUTH without TLS too."),
        new("listeners[].mechanisms", new ListOf(new Choice(
            ["PLAIN", "LOGIN", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512", "CRAM-MD5", "OAUTHBEARER", "XOAUTH2", "EXTERNAL"])), "",
            "The SASL mechanisms that are offered. Not given or empty: all that the account source can verify, but `CRAM-MD5` (which wants passwords kept readable) and those of `-PLUS` (whose one channel binding here, tls-server-end-point, few clients know). `OAUTHBEARER` and `XOAUTH2` need `[accounts.oauth]`, and TLS unless they are named here; `EXTERNAL` is offered to who showed a certificate."),
        new("listeners[].check-from", Flag, "false",
            "`true` wants an account that has `senders` to be the author too: there is one From field, each mailbox in it is theirs, and that of Sender where there is one; else 550 5.7.1."),
        new("listeners[].received-account", Flag, "false", "`true` names the account that logged in in Received, where everybody reads it: `(authenticated: ann)`."),
        new("listeners[].bare-newlines", new Choice(["reject", "normalize"]), "reject",
            "`reject`: a message with a bare CR or LF gets 550 5.5.2. `normalize`: a bare LF becomes CRLF; it never ends a message."),
        new("listeners[].client-certificates", new Choice(["none", "optional", "required"]), "none",
            "Whether clients are asked for certificates in the TLS handshake, by which they can log in (`EXTERNAL`). `optional`: one that does not count is as good as none. `required`: without one that counts the handshake fails."),
        new("listeners[].relay-from", new ListOf(new Network()), "",
            "Networks whose clients may relay without AUTH. One wider than /8 (IPv4, mapped ones too) or /32 (IPv6) is refused."),
        new("listeners[].proxy-from", new ListOf(new Network("claim to be anybody")), "",
            "Networks that speak the PROXY protocol (version 1 or 2) to us, ahead of TLS and of the greeting: who comes from there and does not is cut off. No wider than `relay-from`."),
        new("listeners[].xclient-from", new ListOf(new Network("claim to be anybody")), "",
            "Networks that may use `XCLIENT`, logins included: who logs in a client there answers for its senders too. No wider than `relay-from`."),
        new("listeners[].etrn-from", new ListOf(new Network("have the queue searched")), "",
            "Networks whose clients may have what waits for a domain tried at once, with `ETRN`. No wider than `relay-from`."),
        new("listeners[].verify", Flag, "false", "`true` answers `VRFY` for `[[domains]]` whose recipients are accounts: 250 or 550 5.1.1. Else it gets 252."),
        new("listeners[].expand", Flag, "false", "`true` answers `EXPN` for `[[lists]]` with whom they stand for. Else it gets 252."),
        new("listeners[].refuse-null-mx", Flag, "false",
            "`true` asks the DNS at `MAIL`, and at `RCPT` for mail that goes on, whatever the routes: a domain that takes no mail (a null MX, RFC 7505) gets 550 5.7.27 or 556 5.1.10. A DNS that does not answer within 5s refuses nobody."),

        new("limits.message-size", new Size(1, 1L << 40), "50MiB", "A larger message gets 552 5.3.4; one of exactly this size is taken.") { Reloads = true },
        new("limits.recipients", new Number(1, 1_000_000), "1000", "Recipients of a message; more get 452 4.5.3. RFC 5321 §4.5.3.1.8 wants at least 100 of a server on the open network.") { Reloads = true },
        new("limits.text-line", new Size(1, 1 << 30), "64KiB", "A longer line in a message gets 554 5.6.0; lines within it pass unchanged. RFC 5321 §4.5.3.1.6 wants at least 998B.") { Reloads = true },
        new("limits.connections", new Number(1, 1_000_000), "10000", "Connections in all; past it 421 4.3.2 in place of the greeting.") { Reloads = true },
        new("limits.connections-per-client", new Number(1, 1_000_000), "100", "Connections of one client, which is an address of IPv4 or a /64 of IPv6; past it 421 4.7.0.") { Reloads = true },
        new("limits.transactions", new Number(1, 1_000_000_000), "10000", "MAIL commands in a session, refused ones too; past it 421 4.7.0.") { Reloads = true },
        new("limits.chatter", new Number(1, 1_000_000_000), "100",
            "Commands since the last message that carry none (`NOOP`, `RSET` without a transaction, `VRFY`, `EXPN`, `ETRN`, `HELP`, `EHLO`, `HELO`); each more counts as a bad one.") { Reloads = true },
        new("limits.errors", new Number(1, 1_000_000), "10", "Bad commands in a session; the last is answered, and 421 4.7.0 follows.") { Reloads = true },
        new("limits.idle", new Duration(Second, Day), "5m", "A client that takes longer over a command, or is silent for longer within a message, gets 421 4.4.2. RFC 5321 §4.5.3.2.7 wants at least 5m.") { Reloads = true },
        new("limits.transaction", new Duration(Second, Day), "4h", "How long a transaction may take, from `MAIL` to the end of the message; then 421 4.4.2.") { Reloads = true },
        new("limits.data-rate", new Size(0, 1 << 30), "100B", "What must come of a message in a second, over each span of `limits.idle` for which the server waited; less gets 421 4.4.2.") { Reloads = true },
        new("limits.handshake", new Duration(Second, Day), "30s", "How long a TLS handshake may take, and a PROXY header; then the connection is cut.") { Reloads = true },
        new("limits.future-release", new Duration(TimeSpan.Zero, TimeSpan.FromDays(365)), "30d",
            "How far ahead a sender may put a message's release (FUTURERELEASE, RFC 4865); further gets 501 5.5.4. `0s`: it is not offered. Never offered on `inbound` and `lmtp`.") { Reloads = true },
        new("limits.shutdown-grace", new Duration(TimeSpan.Zero, Day), "30s", "How long a transaction under way may take to end once the server is told to stop.") { Reloads = true },

        new("tls.certificate", new FilePath(mustExist: true), null, "PEM: the certificate, then the rest of its chain. A listener with TLS needs one.") { Reloads = true },
        new("tls.key", new FilePath(mustExist: true), null, "PEM: the certificate's private key, not encrypted.") { Reloads = true },
        new("tls.client-authorities", new FilePath(mustExist: true), null, "PEM: the authorities, and no others, that sign clients' certificates. A listener that asks for certificates needs them.") { Reloads = true },
        Key.Later("tls.certificates[]", "More certificates, chosen by the name that the client asks for (SNI)."),
        Key.Later("tls.acme", "Certificates fetched and renewed by ACME."),

        new("accounts.source", new Choice(["file", "any", "postgres", "ldap", "dovecot"]), "file", "Where accounts live; [accounts.md](accounts.md) sets each up. `any` takes every name and password, and never goes together with a route that leaves the machine."),
        new("accounts.file", new FilePath(mustExist: false), "accounts.toml", "The accounts, written by `pillarbox account`. What changes in the file is in force at once."),
        new("accounts.timeout", new Duration(Second, TimeSpan.FromMinutes(1)), "5s", "How long the sources `postgres`, `ldap` and `dovecot` may take over an answer; then a login gets 454 4.7.0."),
        new("accounts.cache", new Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), "60s",
            "How long what these sources verified is remembered, and which recipients they have: as long is an old password still taken. `0s`: not at all."),
        new("accounts.tell-disabled", Flag, "false", "`true` tells who knows a closed account's secret that it is closed, 525 5.7.13. Else it gets 535 5.7.8, as a wrong secret does.") { Reloads = true },
        new("accounts.guessing.failures", new Number(0, 1_000_000), "10",
            "Wrong logins of one client (an address of IPv4, a /64 of IPv6) that begin a ban: its logins get 421 4.7.0. Ten times as many at one account, from wherever, hold off (454 4.7.0) those clients that have not lately logged in as it. `0`: no bans.") { Reloads = true },
        new("accounts.guessing.window", new Duration(Second, Day), "10m", "How long so many take to be forgotten.") { Reloads = true },
        new("accounts.guessing.ban", new Duration(Second, Day), "10m", "How long the first ban lasts; each further one within a day twice as long, up to sixteen times.") { Reloads = true },
        new("accounts.guessing.never", new ListOf(new Network("guess without end")), "127.0.0.0/8, ::1",
            "Networks that are never banned, such as a webmail's, which is to keep its own guessers out. No wider than `relay-from`.") { Reloads = true },
        new("accounts.postgres.connection", Text, null, "The database, as Npgsql's connection strings name it: `Host=/run/postgresql;Database=mail;Username=pillarbox`."),
        new("accounts.postgres.password-file", new FilePath(mustExist: true), null, "A file with the database's password, read for each new connection. Not given: none is needed, or it stands in `connection`."),
        new("accounts.postgres.query", Text, PostgresOptions.DefaultQuery,
            "Gives the row of the account `@name`: `name` and `verifiers` (as in `accounts.toml`, or PostgreSQL's and Dovecot's forms of SCRAM), and where they are there `senders`, `disabled` and `must_change_password`."),
        new("accounts.postgres.recipient-query", Text, PostgresOptions.DefaultRecipientQuery,
            "For `recipients = \"accounts\"`: gives a row where there is such a recipient. `@local`, `@domain` and `@address` are its parts and the whole."),
        new("accounts.postgres.mechanisms", new ListOf(new Choice(["PLAIN", "LOGIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "CRAM-MD5"])), "PLAIN, LOGIN",
            "What the verifiers of all accounts serve. Clients choose SCRAM wherever they see it: name it once every account has a verifier for it."),
        new("accounts.postgres.connections", new Number(1, 1000), "4", "Connections to the database at once."),
        new("accounts.ldap.server", new DirectoryServer(), null, "The directory: `ldaps://HOST[:PORT]`, or `ldap://HOST[:PORT]`, which off this machine needs `starttls`."),
        new("accounts.ldap.starttls", Flag, "false", "`true` begins TLS on `ldap://` before anything is said."),
        new("accounts.ldap.authorities", new FilePath(mustExist: true), null, "PEM: the authorities that certify the directory. Not given: the system's."),
        new("accounts.ldap.user-dn", Text, null, "The DN of an account with `{name}` in it: `uid={name},ou=people,dc=example,dc=org`. Not given: accounts are searched for, below `base`."),
        new("accounts.ldap.base", Text, null, "The DN below which accounts and recipients are searched for."),
        new("accounts.ldap.filter", new DirectoryFilter("{name}"), "(uid={name})", "Finds the one entry of the account `{name}` (RFC 4515)."),
        new("accounts.ldap.recipient-filter", new DirectoryFilter("{local}", "{address}"), "(mail={address})",
            "For `recipients = \"accounts\"`: finds an entry where there is such a recipient. `{local}`, `{domain}` and `{address}` are its parts and the whole."),
        new("accounts.ldap.bind-dn", Text, null, "As whom is searched. Not given: as nobody."),
        new("accounts.ldap.password-file", new FilePath(mustExist: true), null, "A file with the password of `bind-dn`, read for each search."),
        new("accounts.ldap.senders", Text, null,
            "The attribute with the addresses that an account may send from, such as `mail`: whole ones, or `@example.net` for all of a domain. An entry without it may send from none. Not given: from any address."),
        new("accounts.dovecot.socket", new SocketPath(), "/run/dovecot/auth-client", "The UNIX socket of Dovecot's authentication service, of the kind `auth-client`."),
        new("accounts.oauth.issuer", new Issuer(), null, "The OpenID provider whose tokens let clients log in (`OAUTHBEARER`, `XOAUTH2`), to the letter as its tokens name it. It must have a discovery document."),
        new("accounts.oauth.audience", Text, null, "Whom a token must be for (`aud`): this server, as the provider calls it."),
        new("accounts.oauth.scope", new ListOf(new Word()), "", "The scopes that a token must have, all of them. Not given or empty: none in particular."),
        new("accounts.oauth.claim", Text, Trust.Tokens.TokenOptions.DefaultClaim,
            "The claim of a token that names the account: `email` (where the provider says that it has not verified it, the token is refused; and where it says nothing of that, unless this key is written), `preferred_username`, `sub` or another."),

        new("domains[].name", new DomainName(), null, "A domain whose mail this server receives for good.") { Required = true, Reloads = true },
        new("domains[].deliver", new Target("maildir:PATH, lmtp://HOST:PORT, smtp://HOST:PORT or capture", target => target is Delivery.Routing.DeliveryTarget.Maildir
            or Delivery.Routing.DeliveryTarget.Lmtp or Delivery.Routing.DeliveryTarget.Smarthost or Delivery.Routing.DeliveryTarget.Capture), null,
            "Where its mail is put: `maildir:PATH` with `{local}` and `{domain}` in it, `lmtp://HOST:PORT` (such as Dovecot), `smtp://HOST:PORT`, or `capture`.") { Required = true, Reloads = true },
        new("domains[].recipients", new Choice(["any", "accounts"]), "any", "Which addresses it has. `accounts`: those of accounts; others get 550 5.1.1 at RCPT.") { Reloads = true },

        new("lists[].address", new MailAddress(), null, "An address in one of `[[domains]]` that stands for others. Its local part is the same in either case.") { Required = true, Reloads = true },
        new("lists[].members", new ListOf(new MailAddress()), null,
            "Those whom it stands for, anywhere: what comes for the address goes on to them, by the routes. Other lists may be among them, 10 deep and 1,000 addresses in all.") { Required = true, Reloads = true },
        new("lists[].owner", new MailAddress(), null,
            "In whose name the mail goes on: reports of what cannot be delivered to a member go there. Not given: the address is an alias, and they go to the sender.") { Reloads = true },

        new("routes[].to", new RoutePattern(), null, "The domains that the route is for: `example.net`, `*.example.net` for all below it, `*` for all. The first match wins.") { Required = true, Reloads = true },
        new("routes[].via", new Target("mx, smtp://[USER:PASSWORD@]HOST:PORT, smtps://…, discard or capture", target => target is not (Delivery.Routing.DeliveryTarget.Maildir or Delivery.Routing.DeliveryTarget.Lmtp)), null,
            "Where their mail goes: `mx`, `smtp://[USER:PASSWORD@]HOST:PORT` (STARTTLS where it is offered), `smtps://…` (TLS from the start), `discard`, `capture`.") { Required = true, Reloads = true },

        new("queue.store", new Choice(["rocksdb", "memory"], ["postgres"]), "rocksdb", "What keeps the queue. `memory` is for tests: nothing survives."),
        Key.Later("queue.connection", "The database of the store `postgres`."),
        new("queue.retry", new ListOf(new Duration(Second, TimeSpan.FromDays(30))), "1m, 5m, 15m, 1h", "Waits between attempts; the last repeats."),
        new("queue.expire", new Duration(Second, TimeSpan.FromDays(365)), "5d", "The age at which a message that cannot be delivered goes back to its sender."),
        new("queue.warn", new Duration(Second, TimeSpan.FromDays(365), orNever: true), "4h", "The age at which the sender hears of the delay, once. `never` for no notice."),

        new("delivery.connections", new Number(1, 100_000), "500", "Outgoing connections all told."),
        new("delivery.connections-per-destination", new Number(1, 100_000), "20", "Outgoing connections to one destination."),
        new("delivery.port", new Number(1, 65535), "25", "The port of a mail exchanger; tests use another."),
        new("delivery.authorities", new FilePath(mustExist: true), null,
            "PEM: the authorities that certify other servers, for mail that asks for it (REQUIRETLS, RFC 8689) and for smarthosts with a password or `smtps://`. Not given: the system's."),

        new("dns.servers", new ListOf(new SocketAddress(1)), "", "The DNS servers to ask. Not given or empty: the system's."),

        new("console.address", new SocketAddress(0), "127.0.0.1:8025", "Where the console and the HTTP API listen; on loopback only, as long as the console has no login."),
    ];

    private static readonly FrozenDictionary<string, Key> ByName = All.ToFrozenDictionary(key => key.Name, StringComparer.Ordinal);

    /// <summary>The key of that name (with <c>[]</c>, not with an index), or <see langword="null"/>.</summary>
    public static Key? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Whether keys stand within that table, or array of tables where it ends in <c>[]</c>.</summary>
    public static bool HasWithin(string name) => All.Any(key => key.Name.StartsWith(name + ".", StringComparison.Ordinal));

    /// <summary>What may stand in a table: the names one level below <paramref name="prefix"/>, which is empty or ends in a dot.</summary>
    public static IEnumerable<string> Within(string prefix) =>
        All.Where(key => key.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(key => key.Name[prefix.Length..].Split('.')[0].Replace("[]", "", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);
}
