using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Pillarbox.House.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its top directory.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    /// <summary>The path of something in it.</summary>
    public static string At(string path) => Path.Combine(Root, path);

    /// <summary>The files that are kept in version control, by their paths from the top.</summary>
    public static IReadOnlyList<string> Files { get; } = List();

    private static string[] List()
    {
        var start = new ProcessStartInfo("git", ["-C", Root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]) { RedirectStandardOutput = true };
        using var git = Process.Start(start)!;
        var names = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return git.ExitCode == 0
            ? [.. names.Where(name => File.Exists(At(name)))]
            : throw new InvalidOperationException("git ls-files failed: these tests look at a checkout.");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
