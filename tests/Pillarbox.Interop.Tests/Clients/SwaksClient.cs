using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Clients;

internal sealed class SwaksClient : MailClient
{
    public override async Task<ClientSession> SendAsync(ClientTask task)
    {
        using var directory = new TempDirectory("swaks");
        var message = directory["message"];
        // It puts a line end after what it is given.
        await File.WriteAllBytesAsync(message, SmtpConversation.Stuff(task.Message)[..^2]);
        return await RunAsync("swaks",
        [
            "--server", $"127.0.0.1:{task.Port}", "--tls", "--auth", task.Mechanism, "--auth-user", task.User, "--auth-password", task.Password,
            "--from", task.From, "--to", task.To, "--data", "@" + message, "--no-data-fixup",
        ]);
    }
}
