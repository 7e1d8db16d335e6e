using System.Runtime.CompilerServices;

namespace Pillarbox.Browser.Tests;

/// <summary>What the tests take from npm; eng/packages.sh puts it there.</summary>
internal static class NpmPackage
{
    private static readonly string Modules = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "artifacts", "npm", "node_modules"));

    /// <summary>A file of a package.</summary>
    public static string File(string package, string path)
    {
        var file = Path.Combine(Modules, package, path);
        Assert.True(System.IO.File.Exists(file), $"{package} is missing: eng/packages.sh fetches it");
        return file;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
