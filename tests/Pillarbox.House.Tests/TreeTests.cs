namespace Pillarbox.House.Tests;

/// <summary>The tree holds nothing that belongs to one machine.</summary>
public sealed class TreeTests
{
    // Put together, so that this file does not hold them.
    private static readonly string[] _foreign =
    [
        "/wo" + "rk/", "/ro" + "ot/", "/tmp/" + "pb", "nu" + "get.org", "npm" + "js.", "deb.debian" + ".org", "py" + "pi.org",
        "BEGIN RSA PRI" + "VATE KEY", "BEGIN PRI" + "VATE KEY", "BEGIN EC PRI" + "VATE KEY",
    ];

    [Fact]
    public void No_file_names_a_registry_a_machine_or_holds_a_private_key()
    {
        var found = new List<string>();
        foreach (var file in Repository.Files)
        {
            var text = File.ReadAllText(Repository.At(file));
            found.AddRange(_foreign.Where(part => text.Contains(part, StringComparison.Ordinal)).Select(part => $"{file}: {part}"));
        }

        Assert.Empty(found);
    }

    [Fact]
    public void No_file_is_large()
    {
        var large = Repository.Files.Where(file => new FileInfo(Repository.At(file)).Length > 1 << 20).ToList();

        Assert.Empty(large);
    }
}
