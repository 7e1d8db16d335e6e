using System.Runtime.CompilerServices;

namespace Pillarbox.Interop.Tests.Logins;

/// <summary>The table of README.md: which client has which mechanism.</summary>
internal static class LoginMatrix
{
    private static readonly string[][] _rows = [.. File.ReadLines(Path.Combine(Path.GetDirectoryName(ThisFile())!, "README.md"))
        .Where(line => line.StartsWith('|')).Select(line => line[1..^1].Split('|', StringSplitOptions.TrimEntries))];

    /// <summary>The columns: all mechanisms that a password is enough for.</summary>
    public static IReadOnlyList<string> Mechanisms { get; } = _rows[0][1..^1];

    /// <summary>Each row: the client, whether it has each mechanism, and why it lacks those that it lacks.</summary>
    public static IReadOnlyList<(string Client, IReadOnlyList<string> Cells, string WhyNot)> Clients { get; } =
        [.. _rows.Skip(2).Select(row => (row[0], (IReadOnlyList<string>)row[1..^1], row[^1]))];

    /// <summary>Each of some clients with each mechanism that it has.</summary>
    public static TheoryData<string, string> Of(IEnumerable<string> clients)
    {
        var data = new TheoryData<string, string>();
        foreach (var client in clients)
        {
            var cells = Clients.Single(row => row.Client == client).Cells;
            foreach (var (mechanism, _) in Mechanisms.Zip(cells).Where(each => each.Second == "yes"))
                data.Add(client, mechanism);
        }

        return data;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
