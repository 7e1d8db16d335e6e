using System.Text.RegularExpressions;

namespace Pillarbox.House.Tests;

/// <summary>The documents tell the truth about the tree.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Rfc_table_names_files_that_exist()
    {
        var lines = File.ReadAllLines(Repository.At("docs/rfcs.tsv")).Where(line => line.Length > 0 && line[0] != '#').Skip(1).ToList();

        Assert.NotEmpty(lines);
        foreach (var line in lines)
        {
            var fields = line.Split('\t');
            Assert.True(fields.Length == 5, $"not five fields: {line}");
            foreach (var path in fields[3].Split(", ").Concat(fields[4].Split(", ")))
                Assert.True(Path.Exists(Repository.At(path)), $"no {path}: {line}");
        }
    }

    [Fact]
    public void Architecture_names_classes_that_exist()
    {
        var types = Rooms.Rule.Keys.SelectMany(TypesOf).ToLookup(type => type.FullName.Split('.')[^1]);
        var named = Quoted().Matches(File.ReadAllText(Repository.At("ARCHITECTURE.md"))).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(named);
        var wrong = named.Where(name => !IsTrue(name, types)).ToList();
        Assert.Empty(wrong);
    }

    [Fact]
    public void Documents_link_to_files_that_exist()
    {
        var broken = new List<string>();
        foreach (var document in Repository.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)))
        {
            foreach (Match link in Link().Matches(File.ReadAllText(Repository.At(document))))
            {
                var target = Path.Combine(Path.GetDirectoryName(Repository.At(document))!, link.Groups[1].Value);
                if (!Path.Exists(target))
                    broken.Add($"{document}: {link.Groups[1].Value}");
            }
        }

        Assert.Empty(broken);
    }

    // `Room/Folder/Class.Member` and shorter: a class by its place or alone, a folder, a member; else a path of the tree. What is not written so is no name.
    private static bool IsTrue(string name, ILookup<string, (string FullName, string[] Members)> types)
    {
        if (!TypeName().IsMatch(name) || Path.Exists(Repository.At(name)) || Path.Exists(Repository.At($"src/Pillarbox.{name}")))
            return true;

        var parts = name[(name.LastIndexOf('/') + 1)..].Split('.');
        if (!name.Contains('/', StringComparison.Ordinal))
            return types[parts[0]].Any(type => parts.Length == 1 || type.Members.Contains(parts[1])) || IsMember(name, types);

        var place = name[..name.LastIndexOf('/')].Replace('/', '.');
        var places = new[] { $"{place}.{parts[0]}", $"Pillarbox.{place}.{parts[0]}" };
        return types[parts[0]].Any(type => places.Contains(type.FullName) && (parts.Length == 1 || type.Members.Contains(parts[1])));
    }

    private static bool IsMember(string name, ILookup<string, (string FullName, string[] Members)> types) =>
        types.SelectMany(group => group).Any(type => type.Members.Contains(name));

    private static IEnumerable<(string FullName, string[] Members)> TypesOf(string room)
    {
        using var assembly = new AssemblyScan(Rooms.AssemblyFile(room));
        return [.. assembly.Types];
    }

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^([A-Z][A-Za-z.]*/)*[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*(\\.[A-Z][A-Za-z0-9]+)?$")]
    private static partial Regex TypeName();

    [GeneratedRegex("\\]\\((?![a-z]+:)([^)#\\s]+)(#[^)]*)?\\)")]
    private static partial Regex Link();
}
