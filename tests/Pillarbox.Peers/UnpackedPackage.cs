namespace Pillarbox.Peers;

/// <summary>
/// A Debian package that <c>eng/packages.sh</c> unpacked without installing it, since Debian lets one mail server stand alone. Its programs run in
/// a mount namespace, in which the users and paths that they were built for exist; nothing outside sees those.
/// </summary>
internal static class UnpackedPackage
{
    /// <summary>The folder in which the package is unpacked.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static string Find(string package)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var unpacked = Path.Combine(folder.FullName, "artifacts", "deb", package);
            if (Directory.Exists(unpacked))
                return unpacked;
        }

        throw new FileNotFoundException($"{package} is not unpacked; ./test does that.");
    }

    /// <summary>Starts a program in a mount namespace of its own.</summary>
    /// <param name="name">What the test's output calls it.</param>
    /// <param name="directory">Gets the users and the script.</param>
    /// <param name="users">Its users besides root: name and number of each, as of its group.</param>
    /// <param name="home">The users' home.</param>
    /// <param name="script">Lays what it wants, and ends by <c>exec</c> of it; a shell runs it in the namespace.</param>
    public static ChildProcess Start(string name, TempDirectory directory, IReadOnlyDictionary<string, int> users, string home, string script)
    {
        var passwd = directory.Write(
            "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n" + string.Concat(users.Select(user => $"{user.Key}:x:{user.Value}:{user.Value}::{home}:/bin/false\n")));
        var group = directory.Write("etc/group", "root:x:0:\n" + string.Concat(users.Select(user => $"{user.Key}:x:{user.Value}:\n")));
        var file = directory.Write($"{name}.sh", $"""
            set -eu
            mount --bind {passwd} /etc/passwd
            mount --bind {group} /etc/group
            mount -t tmpfs none /run
            mount -t tmpfs none /var/lib
            {script}

            """);
        return ChildProcess.Start(Command.Find("unshare"), ["--mount", "sh", file]);
    }
}
