using System.Text;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Delivery.Client;

/// <summary>AUTH from the client's side (RFC 4954): PLAIN (RFC 4616) where offered, else LOGIN.</summary>
internal static class SmtpLogin
{
    /// <summary>Logs in where there is somebody to. </summary>
    /// <returns>Why it did not work, or <see langword="null"/>. Never permanent: a wrong password here is our own administrator's to mend.</returns>
    public static async Task<Verdict?> RunAsync(SmtpConnection connection, SmtpClientOptions options, SmtpCapabilities capabilities)
    {
        if (options.Credentials is not { } who)
            return null;
        if (!connection.IsEncrypted && !options.AllowCleartextPassword)
            return Verdict.Defer(7, 11, $"{connection.Host} offers no encryption, and the password is not sent in clear", connection.Host);

        RemoteReply reply;
        if (capabilities.Auth.Contains("PLAIN"))
            reply = await PlainAsync(connection, options, who);
        else if (capabilities.Auth.Contains("LOGIN"))
            reply = await LoginAsync(connection, options, who);
        else
            return Verdict.Defer(7, 0, $"{connection.Host} offers no login that is known here (PLAIN, LOGIN)", connection.Host);

        if (reply.IsPositive)
            return null;
        var verdict = Verdict.Of(reply, connection.Host);
        return verdict with { Disposition = Disposition.Deferred, Status = new EnhancedStatus(4, verdict.Status.Subject, verdict.Status.Detail) };
    }

    private static ValueTask<RemoteReply> PlainAsync(SmtpConnection connection, SmtpClientOptions options, SmtpCredentials who) =>
        AskAsync(connection, options, $"AUTH PLAIN {Base64($"\0{who.User}\0{who.Password}")}", "AUTH PLAIN ****");

    // The initial response holds the name; some servers ignore it and ask, so what they ask decides what is sent.
    private static async ValueTask<RemoteReply> LoginAsync(SmtpConnection connection, SmtpClientOptions options, SmtpCredentials who)
    {
        var reply = await AskAsync(connection, options, $"AUTH LOGIN {Base64(who.User)}", "AUTH LOGIN ****");
        for (var step = 0; reply.Code == 334 && step < 2; step++)
        {
            var secret = step == 0 && AsksForName(reply) ? who.User : who.Password;
            reply = await AskAsync(connection, options, Base64(secret), "****");
        }

        return reply;
    }

    private static bool AsksForName(RemoteReply challenge)
    {
        var decoded = new byte[Math.Max(challenge.Text.Length, 4)];
        return Convert.TryFromBase64String(challenge.Text, decoded, out var length)
            && Encoding.ASCII.GetString(decoded, 0, length).StartsWith("User", StringComparison.OrdinalIgnoreCase);
    }

    private static async ValueTask<RemoteReply> AskAsync(SmtpConnection connection, SmtpClientOptions options, string line, string shown)
    {
        await connection.WriteCommandAsync(line, shown);
        await connection.FlushAsync();
        return await connection.ReadReplyAsync(options.Timeouts.Command);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
