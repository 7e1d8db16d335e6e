using System.Text;

using Pillarbox.Peers;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Interop.Tests.In;

/// <summary>The whole program with each source of accounts elsewhere: a login, what it may send as, and 454 once the source is down.</summary>
public sealed class SourceTests
{
    private readonly string _password = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Accounts_of_PostgreSQL_log_in_and_are_recipients()
    {
        await using var database = await PostgresServer.StartAsync();
        var verifiers = string.Join(", ", AccountSecrets.Create(_password, readable: false).Select(each => $"'{each}'"));
        await database.RunAsync($$"""
            CREATE TABLE account (name text, verifiers text[], senders text[], disabled boolean, must_change_password boolean);
            INSERT INTO account VALUES ('ann', ARRAY[{{verifiers}}], ARRAY['ann@example.org'], false, false);
            """);

        await TalkAsync($$"""
            source = "postgres"
            cache = "0s"
            [accounts.postgres]
            connection = "{{database.Connection}}"
            password-file = "{{database.PasswordFile}}"
            mechanisms = ["PLAIN", "LOGIN", "SCRAM-SHA-256"]
            """, "AUTH SCRAM-SHA-256 PLAIN LOGIN", "accounts", database.StopAsync);
    }

    [Fact]
    public async Task Accounts_of_a_directory_log_in_and_are_recipients()
    {
        await using var directory = await LdapServer.StartAsync(_password);

        await TalkAsync($$"""
            source = "ldap"
            cache = "0s"
            [accounts.ldap]
            server = "ldap://localhost:{{directory.Port}}"
            starttls = true
            authorities = "{{directory.Certificate.CertificateFile}}"
            base = "ou=people,dc=example,dc=org"
            bind-dn = "{{directory.ServiceDn}}"
            password-file = "{{directory.ServicePasswordFile}}"
            senders = "mail"
            """, "AUTH PLAIN LOGIN", "accounts", directory.StopAsync);
    }

    [Fact]
    public async Task Accounts_of_Dovecot_log_in()
    {
        await using var logins = await DovecotLogins.StartAsync(_password);

        await TalkAsync($$"""
            source = "dovecot"
            cache = "0s"
            [accounts.dovecot]
            socket = "{{logins.Socket}}"
            """, "AUTH PLAIN LOGIN", "any", logins.StopAsync);
    }

    private async Task TalkAsync(string accounts, string offered, string recipients, Func<Task> stop)
    {
        using var directory = new TempDirectory("source");
        var (port, console) = (FreePort.Take(), FreePort.Take());
        await using var server = await PillarboxProcess.ServeAsync(directory, $$"""
            hostname = "source.test"
            data = "{{directory["data"]}}"

            [[listeners]]
            name = "submission"
            address = "127.0.0.1:{{port}}"
            role = "submission"
            auth = "optional"
            insecure-auth = true

            [[domains]]
            name = "example.org"
            deliver = "maildir:{{directory["mail"]}}/{local}"
            recipients = "{{recipients}}"

            [console]
            address = "127.0.0.1:{{console}}"

            [accounts]
            {{accounts}}
            """, new PillarboxSettings { Ports = [port, console] });

        await using (var client = await SmtpConversation.ConnectAsync(port))
        {
            Assert.Contains(offered, await client.CommandAsync("EHLO client.test"), StringComparison.Ordinal);
            Assert.StartsWith("535 5.7.8", await client.CommandAsync(Plain("ann", "wrong")), StringComparison.Ordinal);
            Assert.StartsWith("535 5.7.8", await client.CommandAsync(Plain("nobody", _password)), StringComparison.Ordinal);
            Assert.StartsWith("235 2.7.0", await client.CommandAsync(Plain("ann", _password)), StringComparison.Ordinal);
            Assert.StartsWith("550 5.7.1", await client.CommandAsync("MAIL FROM:<bob@example.org>"), StringComparison.Ordinal);
            Assert.StartsWith("250", await client.CommandAsync("MAIL FROM:<ann@example.org>"), StringComparison.Ordinal);
            Assert.StartsWith("250", await client.CommandAsync("RCPT TO:<ann@example.org>"), StringComparison.Ordinal);
            Assert.StartsWith(recipients == "any" ? "250" : "550 5.1.1", await client.CommandAsync("RCPT TO:<nobody@example.org>"), StringComparison.Ordinal);
        }

        await stop();
        await using (var client = await SmtpConversation.ConnectAsync(port))
        {
            await client.ExpectAsync("EHLO client.test", "250");
            Assert.StartsWith("454 4.7.0", await client.CommandAsync(Plain("ann", _password)), StringComparison.Ordinal);
            Assert.StartsWith("454 4.7.0", await client.CommandAsync(Plain("ann", "wrong")), StringComparison.Ordinal);
            await client.ExpectAsync("MAIL FROM:<x@example.net>", "250");
            Assert.StartsWith(recipients == "any" ? "250" : "4", await client.CommandAsync("RCPT TO:<ann@example.org>"), StringComparison.Ordinal);
        }

        Assert.Contains("logins get 454 until it answers", server.Process.Output, StringComparison.Ordinal);
    }

    private static string Plain(string name, string password) => $"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{name}\0{password}"))}";
}
