namespace Pillarbox.Protocol.Commands;

/// <summary>What a client can ask for; <see cref="Unknown"/> is anything else.</summary>
public enum Verb
{
    Unknown,
    Helo,
    Ehlo,
    Mail,
    Rcpt,
    Data,
    Rset,
    Noop,
    Vrfy,
    Expn,
    Help,
    Quit,
    StartTls,
    Auth,
    Bdat,
    Etrn,
    Xclient,
    Lhlo,
}
