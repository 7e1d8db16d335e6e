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
        var text = File.ReadAllText(Repository.At("ARCHITECTURE.md"));
        var types = Rooms.Rule.Keys.SelectMany(TypesOf).ToHashSet();

        var named = Quoted().Matches(text).Select(match => match.Groups[1].Value).Where(name => TypeName().IsMatch(name)).ToList();
        Assert.NotEmpty(named);
        Assert.Empty(named.Select(name => name.Split('.', '(', '<')[0]).Except(types).Except(Rooms.Rule.Keys.Select(room => room.Split('.')[^1])));
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

    private static IEnumerable<string> TypesOf(string room)
    {
        using var assembly = new AssemblyScan(Rooms.AssemblyFile(room));
        return [.. assembly.TypeNames];
    }

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Quoted();

    // A class, perhaps with a member: SmtpSession, MailQueue.AcceptAsync. All else in backquotes is a file, a verb, an option.
    [GeneratedRegex("^[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*(\\.[A-Z][A-Za-z0-9]+)?(\\(\\))?$")]
    private static partial Regex TypeName();

    [GeneratedRegex("\\]\\((?![a-z]+:)([^)#\\s]+)(#[^)]*)?\\)")]
    private static partial Regex Link();
}
