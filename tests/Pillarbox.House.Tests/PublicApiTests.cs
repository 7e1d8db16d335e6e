using System.Reflection;

namespace Pillarbox.House.Tests;

/// <summary>What each package shows is a reviewed file, src/ROOM/PublicApi.txt, so that an accident shows in the diff.</summary>
public sealed class PublicApiTests
{
    private const string _accept = "PILLARBOX_ACCEPT_API";

    public static TheoryData<string> Packages => [.. Rooms.Rule.Keys.Where(room => room != Rooms.Program).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Public_surface_is_the_reviewed_one(string room)
    {
        var file = Repository.At($"src/{room}/PublicApi.txt");
        var surface = PublicApi.Describe(Assembly.LoadFrom(Rooms.AssemblyFile(room)));
        if (Environment.GetEnvironmentVariable(_accept) == "1")
            File.WriteAllText(file, surface);

        var reviewed = File.Exists(file) ? File.ReadAllText(file) : "";
        var added = surface.Split('\n').Except(reviewed.Split('\n'));
        var gone = reviewed.Split('\n').Except(surface.Split('\n'));
        Assert.True(
            surface == reviewed,
            $"The public surface of {room} is another: make it as it was, or, if it is meant, run `{_accept}=1 ./test House` and commit {file}.\n" +
            $"added:\n{string.Join('\n', added)}\ngone:\n{string.Join('\n', gone)}");
    }
}
