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

    public override async Task<ClientSession> SendAsync(ClientTask task)
    {
        using var log = new MemoryStream();
        using var sent = new MemoryStream();
        var succeeded = true;
        using (var client = new SmtpClient(new ProtocolLogger(log, leaveOpen: true)))
        {
#pragma warning disable CA5359 // The servers of tests have certificates of their own making.
            client.ServerCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
            try
            {
                await client.ConnectAsync("127.0.0.1", task.Port, SecureSocketOptions.StartTls);
                var credentials = new NetworkCredential(task.User, task.Password);
                await client.AuthenticateAsync(task.Mechanism == "PLAIN" ? new SaslMechanismPlain(credentials) : new SaslMechanismLogin(credentials));
                using var message = await MimeMessage.LoadAsync(new MemoryStream(task.Message));
                var options = FormatOptions.Default.Clone();
                options.International = task.IsInternational;
                await client.SendAsync(options, message, MailboxAddress.Parse(task.From), [MailboxAddress.Parse(task.To)]);

                // It chose the encodings anew.
                var format = FormatOptions.Default.Clone();
                format.NewLineFormat = NewLineFormat.Dos;
                await message.WriteToAsync(format, sent);
                await client.DisconnectAsync(quit: true);
            }
            catch (AuthenticationException)
            {
                // The transcript shows what the server said.
                succeeded = false;
            }
        }

        return new ClientSession(succeeded, Encoding.Latin1.GetString(log.ToArray()), sent.ToArray());
    }

    private sealed class BinarySmtpClient : SmtpClient
    {
        protected override bool PreferSendAsBinaryData => true;
    }
}
