using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Pillarbox.Trust.Accounts;

namespace Pillarbox.Server.Guessing;

/// <summary>
/// What networks, names and secrets are called in tables: a hash with a key that lives as long as the process, so that nobody can aim at a
/// place in a table, and nothing there can be read.
/// </summary>
internal sealed class KeyedHash
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>A client's network; never 0.</summary>
    public ulong Network(IPAddress client)
    {
        Span<byte> octets = stackalloc byte[16];
        ClientNetwork.Of(client).TryWriteBytes(octets, out var length);
        return Of('n', 0, octets[..length]);
    }

    /// <summary>A name, as accounts compare them: prepared, and in either case; never 0.</summary>
    public ulong Account(string name)
    {
        var text = (SaslPrep.Prepare(name) ?? name).Trim().ToLowerInvariant();
        var octets = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, octets);
        var hash = Of('a', 0, octets.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(octets);
        return hash;
    }

    /// <summary>A name as tried from a network; never 0.</summary>
    public ulong Pair(ulong account, ulong network)
    {
        Span<byte> octets = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(octets, network);
        return Of('p', account, octets);
    }

    /// <summary>Networks that are mostly one provider's (a /16 of IPv4, a /32 of IPv6), at an account; never 0.</summary>
    public ulong Region(ulong account, IPAddress client)
    {
        Span<byte> octets = stackalloc byte[16];
        client.TryWriteBytes(octets, out var length);
        return Of('r', account, octets[..(length == 4 ? 2 : 4)]);
    }

    /// <summary>A secret that was wrong: enough to know it again, too little to find it by trying (many others have the same).</summary>
    public uint Secret(ulong pair, ReadOnlySpan<byte> secret) => (uint)Of('s', pair, secret) | 1;

    private ulong Of(char kind, ulong with, ReadOnlySpan<byte> octets)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Span<byte> buffer = stackalloc byte[32];
        buffer[0] = (byte)kind;
        BinaryPrimitives.WriteUInt64LittleEndian(buffer[1..], with);
        hash.AppendData(buffer[..9]);
        hash.AppendData(octets);
        hash.GetHashAndReset(buffer);
        return Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(buffer));
    }
}
