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

        // What stands at the top of a room is what it shows and how it is put together: it may use, and be used by, all of its folders.
        var uses = assembly.NamespaceUses().Where(use => IsFolder(use.Key.From, room) && IsFolder(use.Key.To, room)).ToDictionary();
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
