using System.Collections.Immutable;
using System.Net;
using Pillarbox.Delivery;
using Pillarbox.Server;
using Pillarbox.Trust.Accounts.Ldap;
using Pillarbox.Trust.Accounts.Postgres;
using Pillarbox.Trust.Tokens;

namespace Pillarbox.Configuration;

/// <summary>What keeps the queue.</summary>
internal enum QueueStoreKind
{
    RocksDb,

    /// <summary>For tests: nothing survives.</summary>
    Memory,
}

/// <summary>Where accounts live.</summary>
internal enum AccountSourceKind
{
    File,

    /// <summary>Every name and password is right.</summary>
    Any,
    Postgres,
    Ldap,
    Dovecot,
}

/// <summary>The accounts.</summary>
/// <param name="Source">Where they live.</param>
/// <param name="File">The absolute path of the accounts' file.</param>
internal sealed record AccountOptions(AccountSourceKind Source, string File)
{
    /// <summary>How long a source elsewhere may take over an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long what it verified is remembered.</summary>
    public TimeSpan Cache { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The database; <see langword="null"/> where they live elsewhere.</summary>
    public PostgresOptions? Postgres { get; init; }

    /// <summary>The directory; <see langword="null"/> where they live elsewhere.</summary>
    public LdapOptions? Ldap { get; init; }

    /// <summary>The path of Dovecot's socket; <see langword="null"/> where they live elsewhere.</summary>
    public string? Dovecot { get; init; }
}

/// <summary>A certificate and its key, as absolute paths of PEM files.</summary>
internal sealed record CertificateFiles(string Certificate, string Key);

/// <summary>A whole configuration, free of faults: what each room is given.</summary>
internal sealed record PillarboxOptions
{
    /// <summary>The SMTP server.</summary>
    public required SmtpServerOptions Server { get; init; }

    /// <summary>How mail leaves.</summary>
    public required DeliveryOptions Delivery { get; init; }

    /// <summary>The accounts.</summary>
    public required AccountOptions Accounts { get; init; }

    /// <summary>Whose tokens let clients log in; <see langword="null"/> for nobody's.</summary>
    public TokenOptions? Tokens { get; init; }

    /// <summary>The authorities that sign clients' certificates, as the absolute path of a PEM file; <see langword="null"/> for none.</summary>
    public string? ClientAuthorities { get; init; }

    /// <summary>The certificate; <see langword="null"/> where no listener has TLS, and for the evaluation server, which makes its own.</summary>
    public CertificateFiles? Certificate { get; init; }

    /// <summary>What keeps the queue.</summary>
    public QueueStoreKind Store { get; init; }

    /// <summary>The DNS servers to ask; empty for the system's.</summary>
    public ImmutableArray<IPEndPoint> DnsServers { get; init; } = [];

    /// <summary>Where the console listens.</summary>
    public required IPEndPoint Console { get; init; }

    /// <summary>Where state is kept: an absolute path.</summary>
    public required string Data { get; init; }

    /// <summary>Whether this is the evaluation server, which greets people and makes its own certificate.</summary>
    public bool IsEvaluation { get; init; }
}
