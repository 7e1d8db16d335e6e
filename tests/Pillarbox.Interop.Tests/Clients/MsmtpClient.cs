using System.Text;

using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Clients;

internal sealed class MsmtpClient : MailClient
{
    public override Task<ClientSession> SendAsync(ClientTask task) => SendAsync(task, null);

    /// <summary>Sends a message; shows a certificate where it has one.</summary>
    public static async Task<ClientSession> SendAsync(ClientTask task, TestCertificate? certificate)
    {
        using var directory = new TempDirectory("msmtp");
        var configuration = directory.Write("msmtprc", $"""
            account default
            host 127.0.0.1
            port {task.Port}
            tls on
            tls_starttls on
            tls_certcheck off
            auth {task.Mechanism.ToLowerInvariant()}
            user {task.User}
            passwordeval cat {directory.Write("password", task.Password)}
            from {task.From}
            {(certificate is null ? "" : $"tls_cert_file {certificate.CertificateFile}\ntls_key_file {certificate.KeyFile}")}

            """);
        File.SetUnixFileMode(configuration, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        // It reads local line ends and sends CRLF.
        var input = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(task.Message).Replace("\r\n", "\n", StringComparison.Ordinal));
        return await RunAsync("msmtp", ["--file", configuration, "--debug", "--", task.To], input);
    }
}
