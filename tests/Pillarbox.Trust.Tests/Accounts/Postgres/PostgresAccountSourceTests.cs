using System.Net;
using System.Net.Sockets;
using Npgsql;
using Pillarbox.Peers;
using Pillarbox.Protocol.Sasl;
using Pillarbox.Trust.Accounts;
using Pillarbox.Trust.Accounts.Postgres;

namespace Pillarbox.Trust.Tests.Accounts.Postgres;

/// <summary>Against a PostgreSQL of its own, with the schema that docs/accounts.md gives.</summary>
public sealed class PostgresAccountSourceTests(PostgresAccountSourceTests.Database database) : IClassFixture<PostgresAccountSourceTests.Database>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    private readonly Reports _reports = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ann", LoginOutcome.Verified)]
    [InlineData("ANN", LoginOutcome.Verified)]
    [InlineData("closed", LoginOutcome.Disabled)]
    [InlineData("stale", LoginOutcome.MustChangePassword)]
    [InlineData("scram-only", LoginOutcome.Verified)]
    [InlineData("nobody", LoginOutcome.Refused)]
    [InlineData("' OR true --", LoginOutcome.Refused)]
    [InlineData("ann\0", LoginOutcome.Refused)]
    public async Task Right_password_comes_to_what_the_row_says(string name, LoginOutcome outcome)
    {
        using var source = Open();

        Assert.Equal(outcome, (await source.VerifyPasswordAsync(name, database.Secret, Cancel)).Outcome);
        Assert.Empty(_reports.Lines);
    }

    [Theory]
    [InlineData("ann")]
    [InlineData("closed")]
    [InlineData("stale")]
    [InlineData("scram-only")]
    [InlineData("nobody")]
    public async Task Wrong_password_and_unknown_name_get_the_same_answer(string name)
    {
        using var source = Open();

        Assert.Equal(new LoginAnswer(LoginOutcome.Refused), await source.VerifyPasswordAsync(name, "wrong", Cancel));
        Assert.Equal(new LoginAnswer(LoginOutcome.Refused), await source.VerifyPasswordAsync(name, "", Cancel));
    }

    [Fact]
    public async Task Name_and_senders_are_those_of_the_row()
    {
        using var source = Open();

        var answer = await source.VerifyPasswordAsync("ANN", database.Secret, Cancel);

        Assert.Equal("ann", answer.Account);
        Assert.Equal(["ann@example.org", "@example.net"], answer.Senders?.Patterns);
        Assert.Null((await source.VerifyPasswordAsync("scram-only", database.Secret, Cancel)).Senders);
    }

    [Fact]
    public async Task Credential_of_scram_is_that_of_the_row_and_an_unknown_name_has_one_that_looks_alike()
    {
        using var source = Open(new PostgresOptions { Connection = "", Mechanisms = ["PLAIN", "SCRAM-SHA-256"] });

        var ann = await source.FindCredentialAsync("ann", "SCRAM-SHA-256", Cancel);
        var nobody = await source.FindCredentialAsync("nobody", "SCRAM-SHA-256", Cancel);
        var again = await source.FindCredentialAsync("nobody", "SCRAM-SHA-256-PLUS", Cancel);

        Assert.Contains("SCRAM-SHA-256-PLUS", source.Mechanisms);
        var stored = Assert.IsType<ScramCredential>(ann.Credential);
        Assert.Equal(LoginOutcome.Verified, ann.Login.Outcome);
        var derived = ScramHash.Sha256.Derive(database.Secret, stored.Salt, stored.Iterations);
        Assert.True(derived.StoredKey.Span.SequenceEqual(stored.StoredKey.Span));
        var invented = Assert.IsType<ScramCredential>(nobody.Credential);
        Assert.True(invented.IsForNobody);
        Assert.Equal(stored.Iterations, invented.Iterations);
        Assert.True(invented.Salt.Span.SequenceEqual(Assert.IsType<ScramCredential>(again.Credential).Salt.Span));
    }

    [Fact]
    public async Task Verifier_that_PostgreSQL_itself_made_lets_in()
    {
        using var source = Open(new PostgresOptions
        {
            Connection = "",
            Query = "SELECT rolname AS name, rolpassword AS verifiers FROM pg_authid WHERE rolname = @name",
            Mechanisms = ["PLAIN", "SCRAM-SHA-256"],
        });

        Assert.Equal(LoginOutcome.Verified, (await source.VerifyPasswordAsync("mail", database.Server.Password, Cancel)).Outcome);
        Assert.Equal(LoginOutcome.Refused, (await source.VerifyPasswordAsync("mail", "wrong", Cancel)).Outcome);
        Assert.False(Assert.IsType<ScramCredential>((await source.FindCredentialAsync("mail", "SCRAM-SHA-256", Cancel)).Credential).IsForNobody);
    }

    [Theory]
    [InlineData("ann", "example.org", true)]
    [InlineData("bob", "example.org", true)]
    [InlineData("bob", "example.net", false)]
    [InlineData("x'; DROP TABLE account; --", "example.org", false)]
    [InlineData("nobody", "example.org", false)]
    public async Task Recipient_is_an_account_by_its_local_part_or_its_address(string local, string domain, bool has)
    {
        using var source = Open();

        Assert.Equal(has, await source.HasRecipientAsync(local, domain, Cancel));
    }

    [Theory]
    [InlineData("SELECT no_such_column FROM account WHERE name = @name", "no_such_column")]
    [InlineData("SELECT name, verifiers FROM no_such_table WHERE name = @name", "no_such_table")]
    [InlineData("SELECT name FROM account WHERE name = @name", "the column verifiers is not there")]
    [InlineData("SELECT name, 42 AS verifiers FROM account WHERE name = @name", "the column verifiers is no array of texts")]
    [InlineData("SELECT name, ARRAY['{MD5}x'] AS verifiers FROM account WHERE name = @name", "of no known scheme")]
    [InlineData("SELECT name, verifiers, ARRAY['x'] AS senders FROM account WHERE name = @name", "neither an address nor @domain")]
    [InlineData("SELECT name, verifiers, 'no' AS disabled FROM account WHERE name = @name", "the column disabled is no boolean")]
    [InlineData("SELECT name, verifiers FROM account WHERE @name <> ''", "more than one row")]
    public async Task Wrong_schema_is_said_in_the_log_and_never_held_against_the_client(string query, string said)
    {
        using var source = Open(new PostgresOptions { Connection = "", Query = query, RecipientQuery = "SELECT 1 FROM no_such_table" });

        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", database.Secret, Cancel)).Outcome);
        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", "wrong", Cancel)).Outcome);
        Assert.Equal(LoginOutcome.Unavailable, (await source.FindCredentialAsync("ann", "SCRAM-SHA-256", Cancel)).Login.Outcome);

        var line = Assert.Single(_reports.Lines);
        Assert.StartsWith("accounts.postgres: ", line, StringComparison.Ordinal);
        Assert.Contains(said, line, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SourceException>(async () => await source.HasRecipientAsync("ann", "example.org", Cancel));
    }

    [Fact]
    public async Task Slow_database_and_full_pool_are_waited_for_no_longer_than_the_limit_and_then_serve_again()
    {
        using var source = Open(new PostgresOptions { Connection = "", Connections = 1 }, Short);
        await using var other = new NpgsqlConnection($"{database.Server.Connection};Password={database.Server.Password}");
        await other.OpenAsync(Cancel);
        await using (var locked = await other.BeginTransactionAsync(Cancel))
        {
            await using var command = new NpgsqlCommand("LOCK TABLE account IN ACCESS EXCLUSIVE MODE", other, locked);
            await command.ExecuteNonQueryAsync(Cancel);

            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => source.VerifyPasswordAsync("ann", database.Secret, Cancel).AsTask()));

            Assert.All(answers, answer => Assert.Equal(LoginOutcome.Unavailable, answer.Outcome));
            Assert.NotEmpty(_reports.Lines);
        }

        await Readiness.UntilAsync(
            async () => (await source.VerifyPasswordAsync("ann", database.Secret, Cancel)).Outcome == LoginOutcome.Verified, "a login goes through again");
        Assert.Equal("accounts.postgres: answers again", _reports.Lines[^1]);
    }

    [Fact]
    public async Task Server_that_takes_connections_and_says_nothing_is_waited_for_no_longer_than_the_limit()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var source = new PostgresAccountSource(
            new PostgresOptions { Connection = $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Database=mail;Username=mail;Password=x" },
            Short, _reports.Add, TimeProvider.System);

        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", database.Secret, Cancel)).Outcome);

        Assert.Contains("no answer within 2 s", Assert.Single(_reports.Lines), StringComparison.Ordinal);
    }

    // So that those who wait take turns before the threads, and not in a queue behind them.
    [Fact]
    public async Task Checks_at_once_are_as_many_as_there_are_threads_for_them()
    {
        await using var source = new PostgresAccountSource(new PostgresOptions { Connection = "Host=127.0.0.1" }, Limit, _reports.Add, TimeProvider.System);
        await using var cached = new CachingAccountSource(source, TimeSpan.FromMinutes(1), TimeProvider.System);

        Assert.Equal(Math.Clamp(Environment.ProcessorCount / 2, 1, 8), source.ChecksAtOnce);
        Assert.Equal(source.ChecksAtOnce, cached.ChecksAtOnce);
    }

    [Fact]
    public async Task Garbage_in_place_of_the_protocol_is_no_answer()
    {
        using var garbage = new TcpListener(IPAddress.Loopback, 0);
        garbage.Start();
        var served = ServeAsync();
        using var source = new PostgresAccountSource(
            new PostgresOptions { Connection = $"Host=127.0.0.1;Port={((IPEndPoint)garbage.LocalEndpoint).Port};Database=mail;Username=mail;Password=x;SSL Mode=Disable" },
            Short, _reports.Add, TimeProvider.System);

        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", "x", Cancel)).Outcome);
        Assert.Single(_reports.Lines);
        await served;

        async Task ServeAsync()
        {
            using var client = await garbage.AcceptTcpClientAsync(Cancel);
            await client.GetStream().WriteAsync("220 this is no database\r\n"u8.ToArray(), Cancel);
        }
    }

    [Fact]
    public async Task Database_with_another_password_is_no_answer_and_the_password_is_not_in_the_log()
    {
        using var directory = new TempDirectory("password");
        using var source = new PostgresAccountSource(
            new PostgresOptions { Connection = database.Server.Connection, PasswordFile = directory.Write("password", "not-the-password") }, Limit, _reports.Add, TimeProvider.System);

        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", database.Secret, Cancel)).Outcome);

        Assert.DoesNotContain("not-the-password", Assert.Single(_reports.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_that_stops_and_comes_back_is_missed_for_as_long()
    {
        await using var server = await PostgresServer.StartAsync();
        await Database.FillAsync(server, database.Secret);
        using var source = new PostgresAccountSource(Settings(server, new PostgresOptions { Connection = "" }), Limit, _reports.Add, TimeProvider.System);
        Assert.Equal(LoginOutcome.Verified, (await source.VerifyPasswordAsync("ann", database.Secret, Cancel)).Outcome);

        await server.StopAsync();
        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", database.Secret, Cancel)).Outcome);
        Assert.Equal(LoginOutcome.Unavailable, (await source.VerifyPasswordAsync("ann", "wrong", Cancel)).Outcome);
        Assert.NotEmpty(_reports.Lines);

        await server.StartAgainAsync();
        await Readiness.UntilAsync(
            async () => (await source.VerifyPasswordAsync("ann", database.Secret, Cancel)).Outcome == LoginOutcome.Verified, "a login goes through again");
        Assert.Equal(LoginOutcome.Refused, (await source.VerifyPasswordAsync("ann", "wrong", Cancel)).Outcome);
    }

    private PostgresAccountSource Open(PostgresOptions? options = null, TimeSpan? limit = null) =>
        new(Settings(database.Server, options ?? new PostgresOptions { Connection = "" }), limit ?? Limit, _reports.Add, TimeProvider.System);

    private static PostgresOptions Settings(PostgresServer server, PostgresOptions options) =>
        options with { Connection = server.Connection, PasswordFile = server.PasswordFile };

    /// <summary>The database of these tests.</summary>
    public sealed class Database : IAsyncLifetime
    {
        /// <summary>The server.</summary>
        public PostgresServer Server { get; private set; } = null!;

        /// <summary>The password of every account.</summary>
        public string Secret { get; } = Guid.NewGuid().ToString("N");

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            Server = await PostgresServer.StartAsync();
            await FillAsync(Server, Secret);
        }

        /// <summary>Makes the table, and accounts in it.</summary>
        public static async Task FillAsync(PostgresServer server, string password)
        {
            var verifiers = AccountSecrets.Create(password, readable: false);
            var all = Array(verifiers);
            await server.RunAsync($$"""
                CREATE TABLE account (
                  name text NOT NULL,
                  verifiers text[] NOT NULL,
                  senders text[] NOT NULL DEFAULT '{}',
                  disabled boolean NOT NULL DEFAULT false,
                  must_change_password boolean NOT NULL DEFAULT false
                );
                CREATE UNIQUE INDEX account_name ON account (lower(name));
                INSERT INTO account VALUES
                  ('ann', {{all}}, ARRAY['ann@example.org', '@example.net'], false, false),
                  ('bob@example.org', {{all}}, DEFAULT, false, false),
                  ('closed', {{all}}, DEFAULT, true, false),
                  ('stale', {{all}}, DEFAULT, false, true),
                  ('scram-only', {{Array(verifiers.Where(each => each.StartsWith("$scram-sha-256$", StringComparison.Ordinal)))}}, DEFAULT, false, false);
                """);
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => Server.DisposeAsync();

        private static string Array(IEnumerable<string> texts) => $"ARRAY[{string.Join(", ", texts.Select(text => $"'{text}'"))}]";
    }
}
