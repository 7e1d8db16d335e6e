using System.Text;

using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Clients;

/// <summary>What a client is to do.</summary>
/// <param name="Port">The server's port on 127.0.0.1.</param>
/// <param name="Mechanism">One that the client has.</param>
/// <param name="User">The account.</param>
/// <param name="Password">Its password.</param>
/// <param name="Message">The message, with CRLF.</param>
public sealed record ClientTask(int Port, string Mechanism, string User, string Password, byte[] Message)
{
    /// <summary>The sender.</summary>
    public string From { get; init; } = "ann@source.test";

    /// <summary>The recipient.</summary>
    public string To { get; init; } = "bob@destination.test";

    /// <summary>Whether an address needs SMTPUTF8.</summary>
    public bool IsInternational => !Ascii.IsValid(From + To);
}

/// <summary>How it went.</summary>
/// <param name="Succeeded">Whether the client says that the message was sent.</param>
/// <param name="Transcript">What the client showed of the session.</param>
/// <param name="Sent">The message as the client sent it, where it makes its own of what it is given.</param>
public sealed record ClientSession(bool Succeeded, string Transcript, byte[]? Sent = null);

/// <summary>A mail client in earnest use. Each says EHLO, STARTTLS, AUTH, sends one message.</summary>
public abstract class MailClient
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, MailClient> All { get; } = new Dictionary<string, MailClient>
    {
        ["swaks"] = new SwaksClient(),
        ["curl"] = new CurlClient(),
        ["msmtp"] = new MsmtpClient(),
        ["smtplib"] = new SmtplibClient(),
        ["MailKit"] = new MailKitClient(),
        ["nodemailer"] = new NodemailerClient(),
    };

    /// <summary>Whether it ends a session as RFC 5321 §4.1.1.10 wants it to.</summary>
    public virtual bool SaysQuit => true;

    /// <summary>Does it.</summary>
    public abstract Task<ClientSession> SendAsync(ClientTask task);

    /// <summary>Runs a client that is a program; its transcript is all that it wrote.</summary>
    protected static async Task<ClientSession> RunAsync(string program, string[] arguments, byte[]? input = null)
    {
        var result = await Command.RunAsync(Command.Find(program), arguments, input);
        return new ClientSession(result.Status == 0, result.Output + result.Error);
    }
}
