using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Protocol.Proxy;

/// <summary>
/// What a load balancer says ahead of a connection, in version 1 or 2 of the PROXY protocol
/// (https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt).
/// </summary>
/// <param name="Source">Who came to the balancer; <see langword="null"/> where it speaks for itself, or does not know.</param>
public readonly record struct ProxyHeader(IPEndPoint? Source)
{
    /// <summary>Octets of a header at most. Version 1 has 107; of version 2, what is added to the addresses is rarely a tenth of this.</summary>
    public const int MaxLength = 4096;

    private const int MaxLine = 107;
    private const int FixedPart = 16;

    private static ReadOnlySpan<byte> LineStart => "PROXY "u8;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads a header off the front of what came.</summary>
    /// <param name="input">What came so far; of more than <see cref="MaxLength"/> octets the first ones.</param>
    /// <param name="header">The header, once it is whole.</param>
    /// <param name="length">Its octets.</param>
    /// <returns>
    /// <see cref="OperationStatus.Done"/>, or <see cref="OperationStatus.NeedMoreData"/>, or <see cref="OperationStatus.InvalidData"/>
    /// as soon as it is no header.
    /// </returns>
    public static OperationStatus Read(ReadOnlySpan<byte> input, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        if (StartsAlike(input, Signature))
            return input.Length < FixedPart ? OperationStatus.NeedMoreData : ReadBinary(input, out header, out length);
        return StartsAlike(input, LineStart) ? ReadLine(input, out header, out length) : OperationStatus.InvalidData;
    }

    // Whether the one is the beginning of the other: less than the whole may have come.
    private static bool StartsAlike(ReadOnlySpan<byte> input, ReadOnlySpan<byte> start) =>
        input.Length < start.Length ? start.StartsWith(input) : input.StartsWith(start);

    private static OperationStatus ReadLine(ReadOnlySpan<byte> input, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        var most = input[..Math.Min(input.Length, MaxLine)];
        var end = most.IndexOf("\r\n"u8);
        if (end < 0)
            return input.Length < MaxLine ? OperationStatus.NeedMoreData : OperationStatus.InvalidData;

        length = end + 2;
        var rest = most[LineStart.Length..Math.Max(end, LineStart.Length)];
        var family = TakeWord(ref rest);

        // What follows UNKNOWN is not to be looked at (§2.1).
        if (family.SequenceEqual("UNKNOWN"u8))
            return OperationStatus.Done;
        AddressFamily expected;
        if (family.SequenceEqual("TCP4"u8))
            expected = AddressFamily.InterNetwork;
        else if (family.SequenceEqual("TCP6"u8))
            expected = AddressFamily.InterNetworkV6;
        else
            return OperationStatus.InvalidData;

        if (!AddressText.TryRead(TakeWord(ref rest), expected, out var source) || !AddressText.TryRead(TakeWord(ref rest), expected, out _)
            || !TryPort(TakeWord(ref rest), out var port) || !TryPort(TakeWord(ref rest), out _) || !rest.IsEmpty || most[end - 1] == (byte)' ')
            return OperationStatus.InvalidData;
        header = new ProxyHeader(new IPEndPoint(source, port));
        return OperationStatus.Done;
    }

    // One space parts the words (§2.1); what follows the last one would be left over.
    private static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> text)
    {
        var space = text.IndexOf((byte)' ');
        var word = space < 0 ? text : text[..space];
        text = space < 0 ? default : text[(space + 1)..];
        return word;
    }

    private static bool TryPort(ReadOnlySpan<byte> text, out int port)
    {
        port = 0;
        return text.Length is > 0 and <= 5 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && System.Buffers.Text.Utf8Parser.TryParse(text, out port, out _) && port <= IPEndPoint.MaxPort;
    }

    private static OperationStatus ReadBinary(ReadOnlySpan<byte> input, out ProxyHeader header, out int length)
    {
        header = default;
        length = FixedPart + BinaryPrimitives.ReadUInt16BigEndian(input[14..]);
        var command = input[12];
        if (length > MaxLength || command is not (0x20 or 0x21))
            return OperationStatus.InvalidData;
        if (input.Length < length)
            return OperationStatus.NeedMoreData;

        // LOCAL (§2.2): the balancer's own connection, to see whether we are well. Whatever stands behind is skipped.
        return command == 0x20 ? OperationStatus.Done : ReadAddresses(input[13], input[FixedPart..length], out header);
    }

    // Behind the addresses stand type-length-values, none of which is of use here.
    private static OperationStatus ReadAddresses(byte familyAndProtocol, ReadOnlySpan<byte> block, out ProxyHeader header)
    {
        header = default;
        switch (familyAndProtocol)
        {
            // Unspecified, and Unix sockets with their paths: nobody whose address could be known.
            case 0x00:
            case 0x31 when block.Length >= 216:
                return OperationStatus.Done;
            case 0x11 when block.Length >= 12:
                header = new ProxyHeader(new IPEndPoint(new IPAddress(block[..4]), BinaryPrimitives.ReadUInt16BigEndian(block[8..])));
                return OperationStatus.Done;
            case 0x21 when block.Length >= 36:
                header = new ProxyHeader(new IPEndPoint(AddressText.Plain(new IPAddress(block[..16])), BinaryPrimitives.ReadUInt16BigEndian(block[32..])));
                return OperationStatus.Done;
            default:
                return OperationStatus.InvalidData;
        }
    }
}
