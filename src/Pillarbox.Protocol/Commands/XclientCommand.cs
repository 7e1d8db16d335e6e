using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Commands;

/// <summary>What a peer says about the client that it speaks for, with XCLIENT.</summary>
[Flags]
public enum XclientAttributes
{
    None = 0,
    Name = 1,
    Address = 2,
    Port = 4,
    Protocol = 8,
    Hello = 16,
    Login = 32,
    DestinationAddress = 64,
    DestinationPort = 128,
}

/// <summary>
/// XCLIENT (https://www.postfix.org/XCLIENT_README.html): NAME, ADDR, PORT, PROTO, HELO, LOGIN, DESTADDR and DESTPORT, each in xtext or
/// <c>[UNAVAILABLE]</c> or <c>[TEMPUNAVAIL]</c>.
/// </summary>
public sealed record XclientCommand
{
    /// <summary>The attributes, as EHLO lists them.</summary>
    public const string Keywords = "NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT";

    private const int LongestValue = 255;

    private static readonly ParameterTable<XclientCommand> Parameters = new(
        ("NAME", Of(XclientAttributes.Name)),
        ("ADDR", Of(XclientAttributes.Address)),
        ("PORT", Of(XclientAttributes.Port)),
        ("PROTO", Of(XclientAttributes.Protocol)),
        ("HELO", Of(XclientAttributes.Hello)),
        ("LOGIN", Of(XclientAttributes.Login)),
        ("DESTADDR", Of(XclientAttributes.DestinationAddress)),
        ("DESTPORT", Of(XclientAttributes.DestinationPort)));

    /// <summary>What was said. What is said to be unavailable is there, with no value.</summary>
    public XclientAttributes Given { get; private init; }

    /// <summary>The client's name by reverse DNS.</summary>
    public string? Name { get; private init; }

    /// <summary>The client's address; an IPv4 one is never written as IPv6.</summary>
    public IPAddress? Address { get; private init; }

    /// <summary>Whether the client speaks ESMTP.</summary>
    public bool Extended { get; private init; }

    /// <summary>The name that the client gave itself.</summary>
    public string? Hello { get; private init; }

    /// <summary>The account that the client logged in as.</summary>
    public string? Login { get; private init; }

    /// <summary>Reads what stands behind XCLIENT.</summary>
    /// <returns>The fault, or <see langword="null"/> when <paramref name="command"/> is whole.</returns>
    public static Reply? Read(ReadOnlySpan<byte> argument, out XclientCommand command)
    {
        command = new XclientCommand();
        return Parameters.Read(argument, ref command) is { } fault ? fault
            : command.Given == XclientAttributes.None ? ReplyCatalogue.ArgumentNeeded : null;
    }

    private static ParameterReader<XclientCommand> Of(XclientAttributes attribute) => (value, _, ref command) =>
    {
        command = command with { Given = command.Given | attribute };
        if (IsUnavailable(value))
            return null;
        Span<byte> decoded = stackalloc byte[LongestValue];
        if (!Xtext.TryDecode(value, decoded, out var length) || command.With(attribute, decoded[..length]) is not { } grown)
            return ReplyCatalogue.BadParameterValue;
        command = grown;
        return null;
    };

    private static bool IsUnavailable(ReadOnlySpan<byte> value) =>
        Ascii.EqualsIgnoreCase(value, "[UNAVAILABLE]"u8) || Ascii.EqualsIgnoreCase(value, "[TEMPUNAVAIL]"u8);

    // Ports and the address that the client came to are checked and let go: nothing depends on them.
    private XclientCommand? With(XclientAttributes attribute, ReadOnlySpan<byte> value)
    {
        switch (attribute)
        {
            case XclientAttributes.Name:
                return MailboxGrammar.IsDomain(value) && Ascii.IsValid(value) ? this with { Name = Encoding.ASCII.GetString(value) } : null;
            case XclientAttributes.Hello:
                return HelloCommand.Read(value, out var hello) is null && !value.Contains((byte)' ') ? this with { Hello = hello } : null;
            case XclientAttributes.Login:
                return TryLogin(value, out var login) ? this with { Login = login } : null;
            case XclientAttributes.Protocol:
                var extended = Ascii.EqualsIgnoreCase(value, "ESMTP"u8);
                return extended || Ascii.EqualsIgnoreCase(value, "SMTP"u8) ? this with { Extended = extended } : null;
            case XclientAttributes.Address:
                return TryAddress(value, out var address) ? this with { Address = address } : null;
            case XclientAttributes.DestinationAddress:
                return TryAddress(value, out _) ? this : null;
            default:
                return Utf8Parser.TryParse(value, out ushort _, out var used) && used == value.Length ? this : null;
        }
    }

    private static bool TryLogin(ReadOnlySpan<byte> value, out string login)
    {
        login = "";
        if (!System.Text.Unicode.Utf8.IsValid(value))
            return false;
        login = Encoding.UTF8.GetString(value);
        return !login.Any(char.IsControl);
    }

    private static bool TryAddress(ReadOnlySpan<byte> value, out IPAddress address) =>
        value.Length > 5 && Ascii.EqualsIgnoreCase(value[..5], "IPV6:"u8)
            ? AddressText.TryRead(value[5..], AddressFamily.InterNetworkV6, out address)
            : AddressText.TryRead(value, AddressFamily.InterNetwork, out address);
}
