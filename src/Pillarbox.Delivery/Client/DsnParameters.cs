using System.Text;
using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Client;

/// <summary>
/// What goes on with MAIL and RCPT to a server that offers DSN (RFC 3461 §5.2.1): what the envelope has, and nothing else. No ORCPT is made
/// here: where an alias changed the address, it was made when the message was accepted; elsewhere the next server can make the same.
/// </summary>
internal static class DsnParameters
{
    private static readonly (NotifyOn On, string Word)[] Words =
        [(NotifyOn.Never, "NEVER"), (NotifyOn.Success, "SUCCESS"), (NotifyOn.Failure, "FAILURE"), (NotifyOn.Delay, "DELAY")];

    /// <summary>RET and ENVID.</summary>
    public static void Append(StringBuilder mail, SenderRequests requests)
    {
        if (requests.Return is { } content)
            mail.Append(content == ReturnContent.Full ? " RET=FULL" : " RET=HDRS");
        if (requests.EnvelopeId is { } id)
            mail.Append(" ENVID=").Append(id);
    }

    /// <summary>NOTIFY and ORCPT, each with a space ahead of it.</summary>
    /// <param name="recipient">Whom RCPT is for.</param>
    /// <param name="smtpUtf8">Whether the transaction has SMTPUTF8: without it an ORCPT in UTF-8 is escaped (RFC 6533 §3), and left out where that makes it too long.</param>
    public static string Of(Recipient recipient, bool smtpUtf8)
    {
        var notify = recipient.Notify == NotifyOn.Unsaid
            ? ""
            : $" NOTIFY={string.Join(',', Words.Where(each => recipient.Notify.HasFlag(each.On)).Select(each => each.Word))}";
        var original = smtpUtf8 ? recipient.Original : recipient.Original?.ToAscii();
        return original is null ? notify : $"{notify} ORCPT={original}";
    }
}
