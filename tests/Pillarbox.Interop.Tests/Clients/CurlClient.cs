using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Clients;

internal sealed class CurlClient : MailClient
{
    public override async Task<ClientSession> SendAsync(ClientTask task)
    {
        using var directory = new TempDirectory("curl");
        await File.WriteAllBytesAsync(directory["message"], task.Message);
        return await RunAsync("curl",
        [
            "--verbose", "--silent", "--show-error", "--max-time", "60", "--url", $"smtp://127.0.0.1:{task.Port}/client.test", "--ssl-reqd", "--insecure",
            "--user", $"{task.User}:{task.Password}", "--login-options", $"AUTH={task.Mechanism}",
            "--mail-from", task.From, "--mail-rcpt", task.To, "--upload-file", directory["message"],
        ]);
    }
}
