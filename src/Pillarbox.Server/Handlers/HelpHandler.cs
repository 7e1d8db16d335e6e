using System.Text;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Replies;
using Pillarbox.Reference;

namespace Pillarbox.Server.Handlers;

/// <summary>HELP: the commands, how one is written, or what a reply means (RFC 5321 §4.1.1.8).</summary>
internal static class HelpHandler
{
    private const int LongestQuestion = 40;

    private static readonly Reply Overview = ReplyCatalogue.Help(
        "Commands: EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY EXPN HELP QUIT STARTTLS AUTH",
        "HELP COMMAND shows how one is written, as in: HELP MAIL",
        "HELP CODE explains a reply, as in: HELP 535 or HELP 550 5.7.1");

    private static readonly Dictionary<Verb, Reply> Syntax = new()
    {
        [Verb.Ehlo] = ReplyCatalogue.Help("EHLO host-name-or-address-literal"),
        [Verb.Helo] = ReplyCatalogue.Help("HELO host-name"),
        [Verb.Mail] = ReplyCatalogue.Help(
            "MAIL FROM:<address> [SIZE=octets] [BODY=7BIT|8BITMIME|BINARYMIME] [SMTPUTF8] [AUTH=address]",
            "  [RET=FULL|HDRS] [ENVID=name] [BY=seconds;N|R] [HOLDFOR=seconds | HOLDUNTIL=time] [MT-PRIORITY=-9..9] [REQUIRETLS]"),
        [Verb.Rcpt] = ReplyCatalogue.Help("RCPT TO:<address> [NOTIFY=NEVER | SUCCESS,FAILURE,DELAY] [ORCPT=type;address]"),
        [Verb.Data] = ReplyCatalogue.Help("DATA, then the message once 354 has come, then a line with a dot alone"),
        [Verb.Bdat] = ReplyCatalogue.Help("BDAT octets [LAST], then so many octets of the message at once"),
        [Verb.Lhlo] = ReplyCatalogue.Help("LHLO host-name-or-address-literal, where LMTP is spoken"),
        [Verb.Rset] = ReplyCatalogue.Help("RSET forgets the transaction"),
        [Verb.Noop] = ReplyCatalogue.Help("NOOP [anything]"),
        [Verb.Vrfy] = ReplyCatalogue.Help("VRFY address"),
        [Verb.Expn] = ReplyCatalogue.Help("EXPN list"),
        [Verb.Etrn] = ReplyCatalogue.Help("ETRN domain, or @domain for all below it too; for hosts that may"),
        [Verb.Xclient] = ReplyCatalogue.Help("XCLIENT attribute=value ..., for hosts that speak for others: " + XclientCommand.Keywords),
        [Verb.Help] = ReplyCatalogue.Help("HELP [COMMAND | CODE]"),
        [Verb.Quit] = ReplyCatalogue.Help("QUIT ends the session"),
        [Verb.StartTls] = ReplyCatalogue.Help("STARTTLS, then the TLS handshake once 220 has come, then EHLO again"),
        [Verb.Auth] = ReplyCatalogue.Help("AUTH mechanism [initial-response-in-base64]"),
    };

    /// <summary>Answers HELP.</summary>
    public static ValueTask<Step> HandleAsync(ReadOnlySpan<byte> argument)
    {
        if (argument.IsEmpty)
            return new(Overview);
        if (Syntax.TryGetValue(CommandLine.Read(argument).Verb, out var syntax))
            return new(syntax);
        if (argument.Length > LongestQuestion || !Ascii.IsValid(argument))
            return new(ReplyCatalogue.NoSuchHelp);

        var words = Encoding.ASCII.GetString(argument).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 2 ? new(ReplyCatalogue.NoSuchHelp) : ExplainAsync(words);
    }

    // The texts are read from the assembly when they are first asked for, which is no work for a session's thread.
    private static async ValueTask<Step> ExplainAsync(string[] words)
    {
        var lines = await Task.Run(() => Explain(words));
        return lines.Count == 0 ? ReplyCatalogue.NoSuchHelp : ReplyCatalogue.Help([.. lines]);
    }

    private static IReadOnlyList<string> Explain(string[] words) =>
        ReplyReference.Find(string.Join(' ', words)) is { } explanation ? ReplyReference.HelpLines(explanation) : [];
}
