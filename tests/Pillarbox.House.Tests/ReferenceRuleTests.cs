using System.Xml.Linq;

namespace Pillarbox.House.Tests;

/// <summary>Which way the rooms lean, as their projects say and as their assemblies show.</summary>
public sealed class ReferenceRuleTests
{
    // The wire language is bytes in, values out: it waits for nothing, asks no clock, opens nothing.
    private static readonly string[] _notInProtocol =
    [
        "System.Net.Sockets.", "System.Threading.Tasks.", "System.Threading.Thread", "System.Threading.Timer", "System.Threading.CancellationToken",
        "System.TimeProvider", "System.DateTime", "System.Diagnostics.Stopwatch", "System.IO.Stream", "System.IO.File", "System.IO.Pipelines.",
    ];

    public static TheoryData<string> All => Rooms.All;

    [Fact]
    public void Rule_names_every_room_there_is()
    {
        var rooms = Repository.Files
            .Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(Rooms.Rule.Keys.Order(StringComparer.Ordinal), rooms.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Project_references_only_what_the_rule_allows(string room)
    {
        var project = XDocument.Load(Repository.At($"src/{room}/{room}.csproj"));
        var references = project.Descendants("ProjectReference").Select(element => Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value));

        Assert.Empty(references.Except(Rooms.Rule[room]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Assembly_references_only_what_the_rule_allows(string room)
    {
        using var assembly = new AssemblyScan(Rooms.AssemblyFile(room));

        Assert.Empty(assembly.References.Where(name => name.StartsWith("Pillarbox", StringComparison.Ordinal)).Except(Rooms.Rule[room]));
    }

    [Theory]
    [InlineData(Rooms.Protocol)]
    [InlineData(Rooms.Reference)]
    public void Room_that_stands_by_itself_has_no_package(string room)
    {
        var project = XDocument.Load(Repository.At($"src/{room}/{room}.csproj"));

        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
    }

    [Fact]
    public void Protocol_knows_no_socket_clock_or_task()
    {
        using var assembly = new AssemblyScan(Rooms.AssemblyFile(Rooms.Protocol));

        // An address says of which family it is by an enumeration of the sockets' namespace; that opens no socket. A time that stands on
        // the wire is a value; reading the clock is banned everywhere.
        var foreign = assembly.ForeignTypes.Where(type => type is not ("System.Net.Sockets.AddressFamily" or "System.DateTimeOffset"))
            .Where(type => _notInProtocol.Any(start => type.StartsWith(start, StringComparison.Ordinal))).ToList();

        Assert.Empty(foreign);
    }
}
