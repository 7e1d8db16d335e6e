using System.Globalization;
using System.Text;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;
using Pillarbox.Server.Handlers;

namespace Pillarbox.Server.Sessions;

/// <summary>The header lines that the server puts ahead of a message.</summary>
internal static class Prologue
{
    /// <summary>Received (RFC 5321 §4.4); on submission, Date and Message-ID where they are missing (RFC 6409 §8).</summary>
    public static byte[] Write(string hostname, SessionState session, QueueId id, DateTimeOffset now, MessageScanner scanner)
    {
        var date = now.ToString("ddd, d MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        var text = new StringBuilder(256)
            .Append("Received: from ").Append(session.HelloName).Append(" (").Append(Origin(session)).Append(")\r\n\t")
            .Append("by ").Append(hostname).Append(" (Pillarbox) with ").Append(Protocol(session)).Append(" id ").Append(id.ToString());
        if (session.Tls is { } tls)
            text.Append("\r\n\t(").Append(tls).Append(')');

        // Whoever reads the message reads this: an account's name is not theirs to know, unless the operator wants it known.
        if (session.Listener.ReceivedAccount && session.Account is { } account)
            text.Append("\r\n\t(authenticated: ").Append(Comment(account, session.SmtpUtf8)).Append(')');
        // RFC 5321 §7.2: with several recipients, naming one would betray those who were copied blindly.
        if (session.Recipients is [var only])
            text.Append("\r\n\tfor <").Append(only.Text).Append('>');

        // RFC 6710 §4.1: with what priority the message goes on.
        if (session.Requests.Priority != 0)
            text.Append(CultureInfo.InvariantCulture, $"\r\n\tPRIORITY {session.Requests.Priority}");
        text.Append(";\r\n\t").Append(date).Append("\r\n");

        if (session.Listener.Role == ListenerRole.Submission)
        {
            if (!scanner.HasDate)
                text.Append("Date: ").Append(date).Append("\r\n");
            if (!scanner.HasMessageId)
                text.Append("Message-ID: <").Append(id.ToString()).Append('@').Append(hostname).Append(">\r\n");
        }

        // A message whose first line begins with a space would become a part of the last field here: it has no header section of its own.
        if (scanner.StartsWithSpace)
            text.Append("\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // RFC 5322 §3.2.1, §3.2.2: what would end the comment is quoted, and what may not be in a line of a header at all is not.
    private static string Comment(string account, bool utf8)
    {
        var text = new StringBuilder();
        foreach (var rune in account.EnumerateRunes().Take(200))
        {
            if (rune.Value is '(' or ')' or '\\')
                text.Append('\\');
            text.Append(Rune.IsControl(rune) || (!rune.IsAscii && !utf8) ? "?" : rune.ToString());
        }

        return text.ToString();
    }

    // The "with" keywords of RFC 3848 and RFC 6531 §4.3.
    private static string Protocol(SessionState session)
    {
        // LMTP has no other greeting than LHLO, whatever a peer says that its client said.
        var lmtp = session.Listener.Role == ListenerRole.Lmtp;
        if (!session.Extended && !lmtp)
            return "SMTP";
        var name = (lmtp, session.SmtpUtf8) switch
        {
            (true, true) => "UTF8LMTP",
            (true, false) => "LMTP",
            (false, true) => "UTF8SMTP",
            _ => "ESMTP",
        };
        return (session.Tls is not null, session.Account is not null) switch
        {
            (true, true) => name + "SA",
            (true, false) => name + "S",
            (false, true) => name + "A",
            _ => name,
        };
    }

    // TCP-info of RFC 5321 §4.4: the name by reverse DNS where it is known, then the address.
    private static string Origin(SessionState session)
    {
        var literal = session.Client.Equals(System.Net.IPAddress.None) ? session.ClientText
            : session.Client.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[IPv6:{session.ClientText}]"
            : $"[{session.ClientText}]";
        return session.ClientName is { } name ? $"{name} {literal}" : literal;
    }
}
