using System.Text;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Sasl;

namespace Pillarbox.Server.Sessions;

/// <summary>Keeps secrets out of a session's transcript, those too that come where they do not belong.</summary>
internal sealed class SecretMask
{
    private bool _mayFollow;

    /// <summary>What may be kept of a command other than AUTH.</summary>
    /// <remarks>
    /// A script that does not read replies sends name and password although AUTH was refused, and they come as commands that nobody
    /// knows. Those are not kept until a command is known again.
    /// </remarks>
    public ReadOnlySpan<byte> Mask(Verb verb, ReadOnlySpan<byte> line)
    {
        var secret = verb == Verb.Unknown && (_mayFollow || LooksLikeAuth(line.TrimStart(" \t"u8)));
        _mayFollow &= verb == Verb.Unknown;
        return secret ? "****"u8 : line;
    }

    /// <summary>What may be kept of AUTH: the mechanism, if it is one; what follows it is a secret.</summary>
    public ReadOnlySpan<byte> MaskAuth(ReadOnlySpan<byte> argument)
    {
        _mayFollow = true;
        if (argument.IsEmpty)
            return "AUTH"u8;
        var space = argument.IndexOf((byte)' ');
        return SaslExchange.Create(space < 0 ? argument : argument[..space], SaslContext.None) is not { } exchange ? "AUTH ****"u8
            : Encoding.ASCII.GetBytes($"AUTH {exchange.Mechanism}{(space < 0 ? "" : " ****")}");
    }

    private static bool LooksLikeAuth(ReadOnlySpan<byte> line) => line.Length >= 4 && Ascii.EqualsIgnoreCase(line[..4], "AUTH"u8);
}
