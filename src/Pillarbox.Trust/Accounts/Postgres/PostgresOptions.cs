using System.Collections.Immutable;
using Npgsql;

namespace Pillarbox.Trust.Accounts.Postgres;

/// <summary>Where accounts of a PostgreSQL database are, and how they are asked for.</summary>
public sealed record PostgresOptions
{
    /// <summary>What is asked for an account where nothing else is said.</summary>
    public const string DefaultQuery = "SELECT name, verifiers, senders, disabled, must_change_password FROM account WHERE lower(name) = lower(@name)";

    /// <summary>What is asked for a recipient where nothing else is said.</summary>
    public const string DefaultRecipientQuery = "SELECT 1 FROM account WHERE lower(name) IN (lower(@local), lower(@address)) LIMIT 1";

    /// <summary>The database, as Npgsql's connection strings name it.</summary>
    public required string Connection { get; init; }

    /// <summary>A file that holds the password, read for each new connection; <see langword="null"/> where none is needed or it stands in <see cref="Connection"/>.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>
    /// Gives a row for an account: <c>name</c> and <c>verifiers</c>, and where they are there <c>senders</c>, <c>disabled</c> and
    /// <c>must_change_password</c>. <c>@name</c> is the name that the client gave.
    /// </summary>
    public string Query { get; init; } = DefaultQuery;

    /// <summary>Gives a row where an address belongs to an account. <c>@local</c>, <c>@domain</c> and <c>@address</c> are its parts and the whole.</summary>
    public string RecipientQuery { get; init; } = DefaultRecipientQuery;

    /// <summary>The mechanisms for which all accounts have a verifier.</summary>
    public ImmutableArray<string> Mechanisms { get; init; } = ["PLAIN", "LOGIN"];

    /// <summary>Connections at once.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>What is wrong with a connection string; <see langword="null"/> for nothing.</summary>
    public static string? FaultOf(string connection)
    {
        try
        {
            var built = new NpgsqlConnectionStringBuilder(connection);
            return string.IsNullOrEmpty(built.Host) ? "names no Host" : null;
        }
        catch (ArgumentException fault)
        {
            // Its message names the key, never the value.
            return fault.Message.Split(" (Parameter", 2)[0].TrimEnd('.');
        }
    }
}
