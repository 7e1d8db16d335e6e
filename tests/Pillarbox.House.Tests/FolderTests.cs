namespace Pillarbox.House.Tests;

/// <summary>Inside a room, folders do not lean on each other in a circle.</summary>
public sealed class FolderTests
{
    public static TheoryData<string> All => Rooms.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Folders_of_a_room_lean_on_each_other_in_no_circle(string room)
    {
        using var assembly = new AssemblyScan(Rooms.AssemblyFile(room));

        // What stands in a folder itself may use, and be used by, what is in folders inside it: it is what they share, and how they are put together.
        // So two namespaces count as the folders, side by side, in which they part.
        var uses = new Dictionary<(string From, string To), string>();
        foreach (var (use, example) in assembly.NamespaceUses())
        {
            if (IsFolder(use.From, room) && IsFolder(use.To, room) && Part(use.From, use.To) is { } parted)
                uses.TryAdd(parted, example);
        }

        var circles = uses.Where(use => Reaches(use.Key.To, use.Key.From, uses.Keys)).Select(use => $"{use.Key.From} → {use.Key.To}: {use.Value}");

        Assert.True(!circles.Any(), $"a circle of folders:\n{string.Join('\n', circles)}");
    }

    [Fact]
    public void Scan_finds_uses_in_signatures_and_in_bodies()
    {
        using var assembly = new AssemblyScan(typeof(FolderTests).Assembly.Location);
        var uses = assembly.NamespaceUses();

        Assert.Contains(("Pillarbox.House.Tests.Sample.One", "Pillarbox.House.Tests.Sample.Two"), uses.Keys);
        Assert.Contains(("Pillarbox.House.Tests.Sample.Two", "Pillarbox.House.Tests.Sample.One"), uses.Keys);
    }

    // The console's namespace is not called as its room, else it would hide System.Console from the program.
    private static (string From, string To)? Part(string from, string to)
    {
        var (left, right) = (from.Split('.'), to.Split('.'));
        var common = left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
        return common == left.Length || common == right.Length
            ? null
            : (string.Join('.', left[..(common + 1)]), string.Join('.', right[..(common + 1)]));
    }

    private static bool IsFolder(string name, string room) =>
        name.StartsWith((room == Rooms.Console ? "Pillarbox.WebConsole" : room) + ".", StringComparison.Ordinal);

    private static bool Reaches(string from, string to, IReadOnlyCollection<(string From, string To)> uses)
    {
        var seen = new HashSet<string> { from };
        var open = new Stack<string>(seen);
        while (open.TryPop(out var current))
        {
            if (current == to)
                return true;

            foreach (var next in uses.Where(use => use.From == current && seen.Add(use.To)).Select(use => use.To))
                open.Push(next);
        }

        return false;
    }
}
