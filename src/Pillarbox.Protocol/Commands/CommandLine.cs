using System.Text;

namespace Pillarbox.Protocol.Commands;

/// <summary>A command line taken apart: its verb, and what stands behind it. Points into the line, copies nothing.</summary>
public readonly ref struct CommandLine
{
    private CommandLine(Verb verb, ReadOnlySpan<byte> argument)
    {
        Verb = verb;
        Argument = argument;
    }

    /// <summary>The verb, in whatever case it came (RFC 5321 §2.4).</summary>
    public Verb Verb { get; }

    /// <summary>What stands behind the verb and its spaces, without spaces at its end.</summary>
    public ReadOnlySpan<byte> Argument { get; }

    /// <summary>Takes a line apart.</summary>
    /// <param name="line">The line without its CRLF.</param>
    public static CommandLine Read(ReadOnlySpan<byte> line)
    {
        // Spaces and tabs ahead of the CRLF are forgiven (RFC 5321 §4.1.1 asks receivers to).
        line = line.TrimEnd(" \t"u8);
        var space = line.IndexOf((byte)' ');
        return space < 0
            ? new CommandLine(Recognise(line), default)
            : new CommandLine(Recognise(line[..space]), line[space..].TrimStart((byte)' '));
    }

    private static Verb Recognise(ReadOnlySpan<byte> verb) => verb.Length switch
    {
        4 => RecogniseFour(verb),
        7 when Ascii.EqualsIgnoreCase(verb, "XCLIENT"u8) => Verb.Xclient,
        8 when Ascii.EqualsIgnoreCase(verb, "STARTTLS"u8) => Verb.StartTls,
        _ => Verb.Unknown,
    };

    private static Verb RecogniseFour(ReadOnlySpan<byte> verb)
    {
        Span<byte> upper = stackalloc byte[4];
        if (Ascii.ToUpper(verb, upper, out _) != System.Buffers.OperationStatus.Done)
            return Verb.Unknown;

        return upper switch
        {
            _ when upper.SequenceEqual("MAIL"u8) => Verb.Mail,
            _ when upper.SequenceEqual("RCPT"u8) => Verb.Rcpt,
            _ when upper.SequenceEqual("DATA"u8) => Verb.Data,
            _ when upper.SequenceEqual("BDAT"u8) => Verb.Bdat,
            _ when upper.SequenceEqual("EHLO"u8) => Verb.Ehlo,
            _ when upper.SequenceEqual("QUIT"u8) => Verb.Quit,
            _ when upper.SequenceEqual("HELO"u8) => Verb.Helo,
            _ when upper.SequenceEqual("AUTH"u8) => Verb.Auth,
            _ when upper.SequenceEqual("RSET"u8) => Verb.Rset,
            _ when upper.SequenceEqual("NOOP"u8) => Verb.Noop,
            _ when upper.SequenceEqual("VRFY"u8) => Verb.Vrfy,
            _ when upper.SequenceEqual("EXPN"u8) => Verb.Expn,
            _ when upper.SequenceEqual("HELP"u8) => Verb.Help,
            _ when upper.SequenceEqual("LHLO"u8) => Verb.Lhlo,
            _ when upper.SequenceEqual("ETRN"u8) => Verb.Etrn,
            _ => Verb.Unknown,
        };
    }
}
