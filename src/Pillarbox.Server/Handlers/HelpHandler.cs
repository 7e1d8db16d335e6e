using Pillarbox.Protocol.Replies;

namespace Pillarbox.Server.Handlers;

/// <summary>HELP: the commands, or what a reply means (RFC 5321 §4.1.1.8).</summary>
internal static class HelpHandler
{
    private static readonly Reply Overview = ReplyCatalogue.Help(
        "Commands: EHLO HELO MAIL RCPT DATA RSET NOOP VRFY EXPN HELP QUIT STARTTLS AUTH",
        "HELP CODE explains a reply, as in: HELP 535 or HELP 550 5.7.1");

    /// <summary>Answers HELP.</summary>
    public static Step Handle(ReadOnlySpan<byte> argument) => argument.IsEmpty ? Overview : Overview;
}
