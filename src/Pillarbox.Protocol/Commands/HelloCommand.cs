using System.Text;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Commands;

/// <summary>EHLO and HELO (RFC 5321 §4.1.1.1).</summary>
public static class HelloCommand
{
    /// <summary>Reads the client's name: a domain or an address literal; what stands behind a space is passed over, as peers do.</summary>
    /// <returns>The fault, or <see langword="null"/>.</returns>
    public static Reply? Read(ReadOnlySpan<byte> argument, out string name)
    {
        var space = argument.IndexOf((byte)' ');
        var host = space < 0 ? argument : argument[..space];

        // RFC 6531 §3.7.1: a name outside ASCII comes as A-labels, since SMTPUTF8 is not agreed on yet.
        var valid = Ascii.IsValid(host) && MailboxGrammar.IsDomain(host);
        name = valid ? Encoding.ASCII.GetString(host) : "";
        return valid ? null : ReplyCatalogue.BadHelloName;
    }
}
