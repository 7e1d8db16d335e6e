using System.Collections.Immutable;
using System.Data;
using Npgsql;

namespace Pillarbox.Trust.Accounts.Postgres;

/// <summary>Reads an account of a row; a column of another type than expected is the source's fault, not the client's.</summary>
internal static class AccountRow
{
    /// <summary>Reads it.</summary>
    /// <exception cref="SourceException">The row is not of the shape that is documented.</exception>
    public static StoredAccount Read(NpgsqlDataReader reader)
    {
        var name = Value(reader, "name") as string ?? throw Wrong("name", "is no text");
        var verifiers = Texts(reader, "verifiers") ?? throw Wrong("verifiers", "is not there");
        if (!AccountSecrets.TryRead(verifiers, out var secrets))
            throw Wrong("verifiers", $"of \"{Printable(name)}\" has one of no known scheme");
        var senders = Texts(reader, "senders") ?? [];
        if (!senders.All(SenderRights.IsPattern))
            throw Wrong("senders", $"of \"{Printable(name)}\" has one that is neither an address nor @domain");
        return new StoredAccount(
            new Account(name, verifiers) { Senders = senders, Disabled = Is(reader, "disabled"), MustChangePassword = Is(reader, "must_change_password") },
            secrets);
    }

    private static bool Is(NpgsqlDataReader reader, string column) => Value(reader, column) switch
    {
        null => false,
        bool flag => flag,
        _ => throw Wrong(column, "is no boolean"),
    };

    private static ImmutableArray<string>? Texts(NpgsqlDataReader reader, string column) => Value(reader, column) switch
    {
        null => null,
        string one => [one],
        string[] many when !many.Contains(null) => [.. many],
        _ => throw Wrong(column, "is no array of texts"),
    };

    // Null for a null and for a column that the query does not give.
    private static object? Value(NpgsqlDataReader reader, string column)
    {
        for (var i = 0; i < reader.FieldCount; i++)
        {
            if (!reader.GetName(i).Equals(column, StringComparison.OrdinalIgnoreCase))
                continue;
            return reader.IsDBNull(i) ? null : reader.GetValue(i);
        }

        return null;
    }

    private static SourceException Wrong(string column, string what) => new($"accounts.postgres.query: the column {column} {what}");

    private static string Printable(string name) => string.Concat(name.Select(each => char.IsControl(each) ? '?' : each));
}
