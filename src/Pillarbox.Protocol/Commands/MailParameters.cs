using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Commands;

/// <summary>The parameters of MAIL: each is read into its typed value, or refused.</summary>
internal static class MailParameters
{
    /// <summary>RFC 3461 §4.4.</summary>
    private const int MaxEnvelopeId = 100;

    public static readonly ParameterTable<MailCommand> Table = new(
        ("SIZE", Size),
        ("BODY", Body),
        ("SMTPUTF8", SmtpUtf8),
        ("AUTH", Auth),
        ("RET", Return),
        ("ENVID", EnvelopeId),
        ("BY", DeliverBy),
        ("HOLDFOR", HoldFor),
        ("HOLDUNTIL", HoldUntil),
        ("MT-PRIORITY", Priority),
        ("REQUIRETLS", RequireTls));

    // RFC 1870 §4: 1*20DIGIT. A number that no long holds is a message that nobody takes.
    private static Reply? Size(ReadOnlySpan<byte> value, bool hasValue, ref MailCommand command)
    {
        if (value.Length > 20 || !IsDigits(value))
            return ReplyCatalogue.BadParameterValue;
        command = command with { Size = Utf8Parser.TryParse(value, out long octets, out var used) && used == value.Length ? octets : long.MaxValue };
        return null;
    }

    private static Reply? Body(ReadOnlySpan<byte> value, bool hasValue, ref MailCommand command)
    {
        if (Ascii.EqualsIgnoreCase(value, "8BITMIME"u8))
            command = command with { Body = BodyType.EightBitMime };
        else if (Ascii.EqualsIgnoreCase(value, "BINARYMIME"u8))
            command = command with { Body = BodyType.BinaryMime };
        else if (!Ascii.EqualsIgnoreCase(value, "7BIT"u8))
            return ReplyCatalogue.BadParameterValue;
        return null;
    }

    private static Reply? SmtpUtf8(ReadOnlySpan<byte> value, bool hasValue, ref MailCommand command)
    {
        command = command with { SmtpUtf8 = true };
        return hasValue ? ReplyCatalogue.BadParameterValue : null;
    }

    // RFC 4954 §5: a mailbox in xtext, or <>. Who is not trusted may send it too; it is then as good as AUTH=<>,
    // and since nothing is relayed on its word, it is checked and dropped.
    private static Reply? Auth(ReadOnlySpan<byte> value, bool hasValue, ref MailCommand command)
    {
        Span<byte> decoded = stackalloc byte[512];
        return value.SequenceEqual("<>"u8) || (Xtext.TryDecode(value, decoded, out var length) && Mailbox.TryParse(decoded[..length], out _))
            ? null
            : ReplyCatalogue.BadParameterValue;
    }

    private static Reply? Return(ReadOnlySpan<byte> value, bool hasValue, ref MailCommand command)
    {
        if (Ascii.EqualsIgnoreCase(value, "FULL"u8))
            command = command with { Return = ReturnContent.Full };
        else if (Ascii.EqualsIgnoreCase(value, "HDRS"u8))
            command = command with { Return = ReturnContent.Headers };
        else
            return ReplyCatalogue.BadParameterValue;
        return null;
    }

    private static Reply? EnvelopeId(ReadOnlySpan<byte> value, bool hasValue, ref MailCommand command)
    {
        if (value.Length > MaxEnvelopeId || !Xtext.IsValid(value))
            return ReplyCatalogue.BadParameterValue;
        command = command with { EnvelopeId = Encoding.ASCII.GetString(value) };
        return null;
    }

    // RFC 2852 §4: ["-" / "+"] 1*9DIGIT ";" ("N" / "R") ["T"]; a time that is over can be notified of, but nothing returned for it before it is tried.
    private static Reply? DeliverBy(ReadOnlySpan<byte> value, bool hasValue, ref MailCommand command)
    {
        var semicolon = value.IndexOf((byte)';');
        var time = semicolon > 0 && value[0] == (byte)'+' ? value[1..semicolon] : value[..Math.Max(0, semicolon)];
        if (semicolon < 0 || (time.Length < semicolon && time is [(byte)'-', ..]) || !TryReadNumber(time, 9, out var seconds))
            return ReplyCatalogue.BadParameterValue;

        var rest = value[(semicolon + 1)..];
        var trace = rest.Length == 2 && (rest[1] | 0x20) == 't';
        if (rest.Length is not 1 && !trace)
            return ReplyCatalogue.BadParameterValue;
        switch (rest[0] | 0x20)
        {
            case 'n':
                command = command with { DeliverBy = new(TimeSpan.FromSeconds(seconds), DeliverByMode.Notify, trace) };
                return null;
            case 'r' when seconds > 0:
                command = command with { DeliverBy = new(TimeSpan.FromSeconds(seconds), DeliverByMode.Return, trace) };
                return null;
            default:
                return ReplyCatalogue.BadParameterValue;
        }
    }

    // RFC 4865 §3: one of the two, of one to nine digits that do not begin with a zero.
    private static Reply? HoldFor(ReadOnlySpan<byte> value, bool hasValue, ref MailCommand command)
    {
        if (command.HoldUntil is not null || value.IsEmpty || value[0] is (byte)'-' or (byte)'0' || !TryReadNumber(value, 9, out var seconds))
            return ReplyCatalogue.BadParameterValue;
        command = command with { HoldFor = TimeSpan.FromSeconds(seconds) };
        return null;
    }

    // RFC 4865 §3: an Internet date and time (RFC 3339 §5.6), with a zone.
    private static Reply? HoldUntil(ReadOnlySpan<byte> value, bool hasValue, ref MailCommand command)
    {
        if (command.HoldFor is not null || value.Length is < 20 or > 35 || !(value[^1] == (byte)'Z' || value[^6] is (byte)'+' or (byte)'-') || !Ascii.IsValid(value) || !DateTimeOffset.TryParseExact(
            Encoding.ASCII.GetString(value), ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal, out var until))
            return ReplyCatalogue.BadParameterValue;
        command = command with { HoldUntil = until };
        return null;
    }

    // RFC 6710 §9: [-]DIGIT.
    private static Reply? Priority(ReadOnlySpan<byte> value, bool hasValue, ref MailCommand command)
    {
        if (!TryReadNumber(value, 1, out var priority))
            return ReplyCatalogue.BadParameterValue;
        command = command with { Priority = priority };
        return null;
    }

    private static Reply? RequireTls(ReadOnlySpan<byte> value, bool hasValue, ref MailCommand command)
    {
        command = command with { RequireTls = true };
        return hasValue ? ReplyCatalogue.BadParameterValue : null;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, int maxDigits, out int number)
    {
        number = 0;
        var digits = text is [(byte)'-', ..] ? text[1..] : text;
        return digits.Length <= maxDigits && IsDigits(digits) && Utf8Parser.TryParse(text, out number, out var used) && used == text.Length;
    }

    private static bool IsDigits(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
