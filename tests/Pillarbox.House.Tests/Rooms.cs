using System.Collections.Frozen;

namespace Pillarbox.House.Tests;

/// <summary>The rooms, and on which others each may lean: the reference rule of ARCHITECTURE.md.</summary>
internal static class Rooms
{
    public const string Protocol = "Pillarbox.Protocol";
    public const string Reference = "Pillarbox.Reference";
    public const string Bounces = "Pillarbox.Bounces";
    public const string Trust = "Pillarbox.Trust";
    public const string Queue = "Pillarbox.Queue";
    public const string RocksDb = "Pillarbox.Queue.RocksDb";
    public const string Server = "Pillarbox.Server";
    public const string Delivery = "Pillarbox.Delivery";
    public const string Console = "Pillarbox.Console";
    public const string Program = "Pillarbox";

    /// <summary>What each may reference, directly.</summary>
    public static FrozenDictionary<string, string[]> Rule { get; } = new Dictionary<string, string[]>
    {
        [Protocol] = [],
        [Reference] = [],
        [Bounces] = [Reference],
        [Trust] = [Protocol],
        [Queue] = [Protocol],
        [RocksDb] = [Queue, Protocol],
        [Server] = [Protocol, Reference, Trust, Queue],
        [Delivery] = [Protocol, Reference, Trust, Queue],
        [Console] = [Protocol, Reference, Bounces, Trust, Queue, Server, Delivery],
        [Program] = [Protocol, Reference, Bounces, Trust, Queue, RocksDb, Server, Delivery, Console],
    }.ToFrozenDictionary();

    /// <summary>The built assembly of a room, copied beside these tests.</summary>
    public static string AssemblyFile(string room) =>
        Path.Combine(AppContext.BaseDirectory, room == Program ? "pillarbox.dll" : room + ".dll");

    /// <summary>All of them, for theories.</summary>
    public static TheoryData<string> All => [.. Rule.Keys.Order(StringComparer.Ordinal)];
}
