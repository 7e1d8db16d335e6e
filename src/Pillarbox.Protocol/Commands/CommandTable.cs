using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Commands;

/// <summary>How far a session has come (RFC 5321 §3.3, §4.1.4).</summary>
public enum SessionPhase
{
    /// <summary>Greeted; the client has not said who it is.</summary>
    Greeted,

    /// <summary>After EHLO or HELO, no transaction open.</summary>
    Ready,

    /// <summary>After MAIL.</summary>
    Sender,

    /// <summary>After at least one RCPT that was accepted.</summary>
    Recipients,

    /// <summary>After a BDAT that was not the last (RFC 3030 §2).</summary>
    Chunks,
}

/// <summary>The table that says which command is legal when: verb × phase.</summary>
public static class CommandTable
{
    private const Reply? Ok = null;
    private static readonly Reply Hello = ReplyCatalogue.HelloFirst;
    private static readonly Reply NeedMail = ReplyCatalogue.MailFirst;
    private static readonly Reply NeedRcpt = ReplyCatalogue.RcptFirst;
    private static readonly Reply Nested = ReplyCatalogue.NestedMail;
    private static readonly Reply Open = ReplyCatalogue.NotDuringTransaction;

    private static readonly Reply Chunk = ReplyCatalogue.ChunksOpen;

    // EHLO in a transaction is legal and resets it (RFC 5321 §4.1.4), as RSET does.
    // AUTH in one is not (RFC 4954 §4), nor is STARTTLS here: it would silently forget the transaction.
    // Once chunks have begun, only BDAT carries the message on (RFC 3030 §4.2).
    private static readonly Reply?[][] Rows =
    [
        //              Greeted  Ready     Sender    Recipients Chunks
        /* Unknown  */ [Ok,      Ok,       Ok,       Ok,        Ok],
        /* Helo     */ [Ok,      Ok,       Ok,       Ok,        Ok],
        /* Ehlo     */ [Ok,      Ok,       Ok,       Ok,        Ok],
        /* Mail     */ [Hello,   Ok,       Nested,   Nested,    Nested],
        /* Rcpt     */ [Hello,   NeedMail, Ok,       Ok,        Chunk],
        /* Data     */ [Hello,   NeedMail, NeedRcpt, Ok,        Chunk],
        /* Rset     */ [Ok,      Ok,       Ok,       Ok,        Ok],
        /* Noop     */ [Ok,      Ok,       Ok,       Ok,        Ok],
        /* Vrfy     */ [Ok,      Ok,       Ok,       Ok,        Ok],
        /* Expn     */ [Ok,      Ok,       Ok,       Ok,        Ok],
        /* Help     */ [Ok,      Ok,       Ok,       Ok,        Ok],
        /* Quit     */ [Ok,      Ok,       Ok,       Ok,        Ok],
        /* StartTls */ [Hello,   Ok,       Open,     Open,      Open],
        /* Auth     */ [Hello,   Ok,       Open,     Open,      Open],
        /* Bdat     */ [Hello,   NeedMail, NeedRcpt, Ok,        Ok],
        /* Etrn     */ [Hello,   Ok,       Open,     Open,      Open],
        /* Xclient  */ [Ok,      Ok,       Open,     Open,      Open],
        /* Lhlo     */ [Ok,      Ok,       Ok,       Ok,        Ok],
    ];

    /// <summary>The 503 that <paramref name="verb"/> gets in <paramref name="phase"/>, or <see langword="null"/> where it is legal.</summary>
    public static Reply? Refusal(Verb verb, SessionPhase phase) => Rows[(int)verb][(int)phase];
}
