namespace Pillarbox.Peers;

/// <summary>A directory of its own, which other users may enter (servers drop their rights); it goes when it is disposed.</summary>
public sealed class TempDirectory : IDisposable
{
    private const UnixFileMode _open =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute |
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Makes the directory.</summary>
    public TempDirectory(string purpose = "test")
    {
        Path = Directory.CreateTempSubdirectory($"pillarbox-{purpose}-").FullName;
        File.SetUnixFileMode(Path, _open);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The path of something in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a text file in it and tells its path.</summary>
    public string Write(string name, string text)
    {
        var path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
