using System.Diagnostics;

namespace Pillarbox.Tests;

/// <summary>
/// <c>./pillarbox</c> in a tree of its own, with a <c>dotnet</c> that "builds" a program which says what it was given: what is tested is when
/// the script builds, and what it hands over.
/// </summary>
public sealed class ScriptTests : IDisposable
{
    private const string Compiler = """
        #!/bin/bash
        case $1 in
            --version) echo 10.0.100; exit 0 ;;
            --list-sdks) echo "8.0.100 [/usr/share/dotnet/sdk]"; exit 0 ;;
        esac
        echo "built" >>"$BUILDS"
        [ -e "$BUILDS.broken" ] && { echo "error: broken"; exit 1; }
        while [ "$1" != -o ]; do shift; done
        cat >"$2/pillarbox" <<'END'
        #!/bin/bash
        echo "$$ $#:$*"
        cat
        exit 7
        END
        chmod +x "$2/pillarbox"
        """;

    private const string FirstBuild = "pillarbox: building, once; this takes a minute or two\n";

    private readonly TemporaryDirectory _directory = new();

    public ScriptTests()
    {
        File.Copy(Script, Path.Combine(_directory.Path, "pillarbox"));
        Directory.CreateDirectory(Path.Combine(_directory.Path, "src"));
        foreach (var name in new[] { "src/One.cs", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", ".editorconfig", "global.json", "nuget.config" })
            _directory.Write(name, "");
        Directory.CreateDirectory(Path.Combine(_directory.Path, "bin"));
        MakeExecutable(_directory.Write("bin/dotnet", Compiler));
    }

    private static string Script
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Pillarbox.slnx")))
                directory = directory.Parent;
            return Path.Combine(directory?.FullName ?? throw new InvalidOperationException("no checkout above the tests"), "pillarbox");
        }
    }

    private int Builds => File.Exists(Log) ? File.ReadAllLines(Log).Length : 0;

    private string Log => Path.Combine(_directory.Path, "builds");

    [Fact]
    public async Task Program_gets_arguments_and_input_and_its_status_is_the_scripts()
    {
        var (finished, pid) = await RunAsync("input", "two words", "-x", "");
        var (again, _) = await RunAsync("input");

        Assert.Equal((7, FirstBuild), (finished.ExitCode, finished.Error));
        Assert.Equal((7, ""), (again.ExitCode, again.Error));
        // The same process: signals reach the program.
        Assert.Equal($"{pid} 3:two words -x \ninput", finished.Output);
    }

    [Fact]
    public async Task Nothing_newer_is_not_built_again()
    {
        await RunAsync("");
        await RunAsync("");

        Assert.Equal(1, Builds);
    }

    [Theory]
    [InlineData("touch src/One.cs")]
    [InlineData("rm src/One.cs")]
    [InlineData("touch src/Two.cs")]
    [InlineData("touch Directory.Packages.props")]
    public async Task What_changes_the_sources_has_them_built_again(string change)
    {
        await RunAsync("");
        // Of file systems with coarse times: newer for sure.
        Shell($"touch -d '1 hour ago' artifacts/program/current/.built; find . -maxdepth 2 -path './src*' -exec touch -d '2 hours ago' {{}} +; find . -maxdepth 1 -type f -exec touch -d '2 hours ago' {{}} +");
        await RunAsync("");
        Assert.Equal(1, Builds);

        Shell(change);
        await RunAsync("");

        Assert.Equal(2, Builds);
        Assert.Single(Directory.GetDirectories(Path.Combine(_directory.Path, "artifacts/program"), "build.*"));
    }

    [Fact]
    public async Task Failed_build_is_told_on_standard_error_and_the_last_one_stays()
    {
        await RunAsync("");
        _directory.Write("builds.broken", "");
        Shell("touch -d '1 hour' src/One.cs");

        var (finished, _) = await RunAsync("");

        Assert.Equal((1, "", "error: broken\npillarbox: the build failed\n"), (finished.ExitCode, finished.Output, finished.Error));
        Assert.True(File.Exists(Path.Combine(_directory.Path, "artifacts/program/current/pillarbox")));
    }

    [Fact]
    public async Task Several_at_once_build_once()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync("")));

        Assert.All(all, each => Assert.Equal(7, each.Finished.ExitCode));
        Assert.Equal(FirstBuild, string.Concat(all.Select(each => each.Finished.Error)));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task Too_old_an_sdk_is_said_in_one_line()
    {
        _directory.Write("bin/dotnet", Compiler.Replace("echo 10.0.100; exit 0", "echo 'A compatible SDK was not found' >&2; exit 155", StringComparison.Ordinal));

        var (finished, _) = await RunAsync("");

        Assert.Equal((1, ""), (finished.ExitCode, finished.Output));
        Assert.StartsWith("pillarbox: the .NET SDK 10.0 is needed and dotnet has 8.0.100: install it from ", finished.Error, StringComparison.Ordinal);
        Assert.Single(finished.Error.TrimEnd().Split('\n'));
    }

    public void Dispose() => _directory.Dispose();

    private async Task<(Finished Finished, int Pid)> RunAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(_directory.Path, "pillarbox"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_directory.Path}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["BUILDS"] = Log;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("the script did not start");
        var pid = process.Id;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await BuiltProgram.WaitAsync(process);
        return (new Finished(process.ExitCode, await output, await error), pid);
    }

    private void Shell(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = _directory.Path });
        process!.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static void MakeExecutable(string file) =>
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
