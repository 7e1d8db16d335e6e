namespace Pillarbox.WebConsole.Tests;

/// <summary>Messages that came back.</summary>
internal static class BouncedMessages
{
    /// <summary>A report as RFC 3464 has it, on a recipient who is unknown and one whose mailbox is full.</summary>
    public const string TwoRecipients =
        """
        From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
        To: ann@example.org
        Subject: Undelivered Mail Returned to Sender
        Date: Mon, 6 Jul 2026 10:00:00 +0200
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        Your message could not be delivered.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.org

        Final-Recipient: rfc822; bob@example.net
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; mx.example.net
        Diagnostic-Code: smtp; 550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown in virtual mailbox table

        Final-Recipient: rfc822; cem@example.com
        Action: failed
        Status: 5.2.2
        Remote-MTA: dns; gmail-smtp-in.l.google.com
        Diagnostic-Code: smtp; 552-5.2.2 The recipient's inbox is out of storage space. Please direct the 552-5.2.2 recipient to https://support.google.com/mail/?p=OverQuotaPerm

        --b--
        """;
}
