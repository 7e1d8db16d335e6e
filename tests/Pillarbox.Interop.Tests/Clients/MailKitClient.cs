using System.Net;
using System.Text;

using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

using MimeKit;

namespace Pillarbox.Interop.Tests.Clients;

internal sealed class MailKitClient : MailClient
{
    /// <summary>Sends a message by BDAT, in clear: as BINARYMIME where one of its parts is of that kind.</summary>
    public static async Task SendAsBinaryAsync(int port, MimeMessage message)
    {
        using var client = new BinarySmtpClient();
        await client.ConnectAsync("127.0.0.1", port, SecureSocketOptions.None);
        await client.SendAsync(message);
        await client.DisconnectAsync(quit: true);
    }

    /// <summary>Logs in by a mechanism, whether it is offered or not.</summary>
    public static Task<ClientSession> LogInAsync(int port, SaslMechanism mechanism) => RunAsync(port, client => client.AuthenticateAsync(mechanism));

    /// <summary>Logs in by the mechanism that it likes best of those offered.</summary>
    public static async Task<(IReadOnlyCollection<string> Offered, ClientSession Session)> LogInAsync(int port, string user, string password, string? avoided = null)
    {
        string[] offered = [];
        var session = await RunAsync(port, client =>
        {
            offered = [.. client.AuthenticationMechanisms];
            client.AuthenticationMechanisms.Remove(avoided ?? "");
            return client.AuthenticateAsync(user, password);
        });
        return (offered, session);
    }

    public override async Task<ClientSession> SendAsync(ClientTask task)
    {
        using var sent = new MemoryStream();
        var session = await RunAsync(task.Port, async client =>
        {
            await client.AuthenticateAsync(Mechanism(task.Mechanism, new NetworkCredential(task.User, task.Password)));
            using var message = await MimeMessage.LoadAsync(new MemoryStream(task.Message));
            var options = FormatOptions.Default.Clone();
            options.International = task.IsInternational;
            await client.SendAsync(options, message, MailboxAddress.Parse(task.From), [MailboxAddress.Parse(task.To)]);

            // It chose the encodings anew.
            var format = FormatOptions.Default.Clone();
            format.NewLineFormat = NewLineFormat.Dos;
            await message.WriteToAsync(format, sent);
        });
        return session with { Sent = sent.ToArray() };
    }

    private static SaslMechanism Mechanism(string name, NetworkCredential credentials) => name switch
    {
        "PLAIN" => new SaslMechanismPlain(credentials),
        "LOGIN" => new SaslMechanismLogin(credentials),
        "CRAM-MD5" => new SaslMechanismCramMd5(credentials),
        "SCRAM-SHA-1" => new SaslMechanismScramSha1(credentials),
        "SCRAM-SHA-256" => new SaslMechanismScramSha256(credentials),
        "SCRAM-SHA-512" => new SaslMechanismScramSha512(credentials),
        "SCRAM-SHA-1-PLUS" => new SaslMechanismScramSha1Plus(credentials),
        "SCRAM-SHA-256-PLUS" => new SaslMechanismScramSha256Plus(credentials),
        _ => throw new ArgumentException($"MailKit has no {name} here.", nameof(name)),
    };

    private static async Task<ClientSession> RunAsync(int port, Func<SmtpClient, Task> use)
    {
        using var log = new MemoryStream();
        var succeeded = true;
        using (var client = new SmtpClient(new ProtocolLogger(log, leaveOpen: true)))
        {
#pragma warning disable CA5359 // The servers of tests have certificates of their own making.
            client.ServerCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
            try
            {
                await client.ConnectAsync("127.0.0.1", port, SecureSocketOptions.StartTls);
                await use(client);
                await client.DisconnectAsync(quit: true);
            }
            catch (AuthenticationException)
            {
                // The transcript shows what the server said.
                succeeded = false;
            }
        }

        return new ClientSession(succeeded, Encoding.Latin1.GetString(log.ToArray()));
    }

    private sealed class BinarySmtpClient : SmtpClient
    {
        protected override bool PreferSendAsBinaryData => true;
    }
}
