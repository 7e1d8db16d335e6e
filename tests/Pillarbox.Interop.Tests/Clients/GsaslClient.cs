using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Clients;

/// <summary>The program of GNU SASL: logs in, and sends no mail.</summary>
internal static class GsaslClient
{
    /// <summary>Logs in by EXTERNAL after STARTTLS.</summary>
    public static async Task<ClientSession> LogInAsync(int port, TestCertificate certificate, string identity)
    {
        string[] arguments =
        [
            "--smtp", $"--connect=127.0.0.1:{port}", "--x509-ca-file=", $"--x509-cert-file={certificate.CertificateFile}", $"--x509-key-file={certificate.KeyFile}",
            $"--authorization-id={identity}", "--mechanism=EXTERNAL", "--verbose", "--application-data", "--no-cb",
        ];
        var result = await Command.RunAsync(Command.Find("gsasl"), arguments);
        return new ClientSession(result.Status == 0, result.Output + result.Error);
    }

    /// <summary>Logs in after STARTTLS.</summary>
    /// <param name="port">The server's port on 127.0.0.1.</param>
    /// <param name="mechanism">The mechanism; <see langword="null"/>: the one that it likes best of those offered.</param>
    /// <param name="user">The account.</param>
    /// <param name="password">Its password.</param>
    /// <param name="binds">Whether it may bind to the channel.</param>
    public static async Task<ClientSession> LogInAsync(int port, string? mechanism, string user, string password, bool binds = false)
    {
        // Given --application-data it would go on to speak through the mechanism's security layer; it is on unless it is given.
        string[] arguments =
        [
            "--smtp", $"--connect=127.0.0.1:{port}", "--x509-ca-file=", $"--authentication-id={user}", $"--password={password}", "--verbose", "--application-data",
            .. mechanism is null ? Array.Empty<string>() : [$"--mechanism={mechanism}"],
            .. binds ? Array.Empty<string>() : ["--no-cb"],
        ];
        var utf8 = new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" };
        var result = await Command.RunAsync(Command.Find("gsasl"), arguments, environment: utf8);
        return new ClientSession(result.Status == 0, result.Output + result.Error);
    }
}
