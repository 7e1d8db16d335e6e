using System.Text;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Commands;

/// <summary>ETRN (RFC 1985 §5.2): a domain, one with all below it, or a queue by its name.</summary>
/// <param name="Name">The domain's name, or the queue's.</param>
/// <param name="Kind">Which it is.</param>
public readonly record struct EtrnCommand(string Name, EtrnKind Kind)
{
    /// <summary>The node as the client wrote it.</summary>
    public string Node => Kind switch { EtrnKind.WithSubdomains => "@" + Name, EtrnKind.Queue => "#" + Name, _ => Name };

    /// <summary>Reads what stands behind ETRN.</summary>
    /// <returns>The fault, or <see langword="null"/>.</returns>
    public static Reply? Read(ReadOnlySpan<byte> argument, out EtrnCommand command)
    {
        command = default;
        if (argument.IsEmpty)
            return ReplyCatalogue.ArgumentNeeded;

        var kind = argument[0] switch { (byte)'@' => EtrnKind.WithSubdomains, (byte)'#' => EtrnKind.Queue, _ => EtrnKind.Domain };
        var name = kind == EtrnKind.Domain ? argument : argument[1..];
        var isName = kind == EtrnKind.Queue
            ? !name.IsEmpty && !name.ContainsAnyExceptInRange((byte)'!', (byte)'~')
            : !name.IsEmpty && name[0] != (byte)'[' && MailboxGrammar.IsDomain(name);
        if (!isName)
            return ReplyCatalogue.BadArgument;
        command = new EtrnCommand(Encoding.UTF8.GetString(name), kind);
        return null;
    }
}

/// <summary>What ETRN names.</summary>
public enum EtrnKind
{
    /// <summary>A domain.</summary>
    Domain,

    /// <summary>A domain and all below it.</summary>
    WithSubdomains,

    /// <summary>A queue.</summary>
    Queue,
}
