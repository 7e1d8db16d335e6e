using System.Text.Json;

namespace Pillarbox.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("serve --help")]
    [InlineData("check --help")]
    [InlineData("explain --help")]
    [InlineData("compare --help")]
    [InlineData("codes --help")]
    [InlineData("send --help")]
    [InlineData("queue --help")]
    [InlineData("queue list --help")]
    [InlineData("queue show --help")]
    [InlineData("queue retry --help")]
    [InlineData("queue delete --help")]
    [InlineData("account --help")]
    [InlineData("account add --help")]
    [InlineData("account list --help")]
    [InlineData("account password --help")]
    [InlineData("account remove --help")]
    public async Task Help_of_every_command_is_printed(string arguments)
    {
        var finished = await BuiltProgram.RunAsync(arguments.Split(' '));

        Assert.Equal(0, finished.ExitCode);
        Assert.Contains("Usage:", finished.Output, StringComparison.Ordinal);
        Assert.Equal("", finished.Error);
    }

    [Fact]
    public async Task Help_names_what_is_built_and_nothing_else()
    {
        var finished = await BuiltProgram.RunAsync(["--help"]);

        var commands = finished.Output[finished.Output.IndexOf("Commands:", StringComparison.Ordinal)..].Split('\n')
            .Skip(1).Select(line => line.Trim().Split(' ')[0]).Where(word => word.Length > 0);
        Assert.Equal(["serve", "check", "explain", "compare", "codes", "send", "queue", "account"], commands);
    }

    [Theory]
    [InlineData("", "pillarbox --help")]
    [InlineData("sevre", "did you mean serve?")]
    [InlineData("probe mx.example.org", "unknown command probe")]
    [InlineData("explain", "pillarbox explain --help")]
    [InlineData("compare 221", "pillarbox compare --help")]
    [InlineData("compare 221 235 250", "unknown argument 250")]
    [InlineData("explain 221 --lang xx", "there is no language xx; there are en, th")]
    [InlineData("compare 221 235 --lang xx", "there is no language xx")]
    [InlineData("codes --lang xx", "there is no language xx")]
    [InlineData("serve --lang xx", "there is no language xx")]
    [InlineData("queue show 1M86F90TC0000 --lang xx", "there is no language xx")]
    [InlineData("send --server 127.0.0.1:25 --from a@example.org --to b@example.org --lang xx", "there is no language xx")]
    [InlineData("check", "--config")]
    [InlineData("serve --config a --smtp 127.0.0.1:0", "--smtp is for the evaluation server")]
    [InlineData("serve --confg a", "did you mean --config?")]
    [InlineData("send --server 127.0.0.1:25 --from a@example.org", "--to")]
    [InlineData("send --server 127.0.0.1 --from a@example.org --to b@example.org", "is no HOST:PORT")]
    [InlineData("send --server 127.0.0.1:25 --from a@example.org --to b@example.org --user ann", "go together")]
    [InlineData("send --server 127.0.0.1:25 --from a@ --to b@example.org", "a@ is no address")]
    [InlineData("queue show nonsense", "is no message's name")]
    public async Task Wrong_usage_ends_with_2_and_one_line(string arguments, string said)
    {
        var finished = await BuiltProgram.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, finished.ExitCode);
        Assert.Contains(said, finished.Error, StringComparison.Ordinal);
        Assert.Single(finished.Error.TrimEnd().Split('\n'));
        Assert.Equal("", finished.Output);
    }

    [Theory]
    [InlineData("535", 535, null)]
    [InlineData("535 5.7.8", 535, "5.7.8")]
    [InlineData("5.7.8", null, "5.7.8")]
    public async Task Explain_of_a_code_gives_its_document(string arguments, int? code, string? enhanced)
    {
        var finished = await BuiltProgram.RunAsync(["explain", .. arguments.Split(' '), "--json"]);

        Assert.Equal(0, finished.ExitCode);
        using var document = JsonDocument.Parse(finished.Output);
        var root = document.RootElement;
        Assert.Equal(code, root.GetProperty("code").ValueKind == JsonValueKind.Null ? null : root.GetProperty("code").GetInt32());
        Assert.Equal(enhanced, root.GetProperty("enhanced").GetString());
        Assert.Equal(
            ["code", "enhanced", "name", "class", "meaning", "when", "fix", "retry", "actor", "commands", "references", "standing", "reason",
                "contradictions", "lang", "seeAlso"],
            root.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task Explain_of_a_pasted_reply_prints_text()
    {
        var finished = await BuiltProgram.RunAsync(["explain", "remote said: 550 5.1.1 <bob@example.net>: no such user here"]);

        Assert.Equal(0, finished.ExitCode);
        Assert.StartsWith("550 5.1.1", finished.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello there")]
    [InlineData("999")]
    public async Task Explain_of_no_reply_ends_with_1(string text)
    {
        var finished = await BuiltProgram.RunAsync(["explain", text]);

        Assert.Equal(1, finished.ExitCode);
        Assert.Equal($"pillarbox: not a reply: {text}\n", finished.Error);
        Assert.Equal("", finished.Output);
    }

    [Fact]
    public async Task Version_is_printed()
    {
        var finished = await BuiltProgram.RunAsync(["--version"]);

        Assert.Equal(0, finished.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", finished.Output);
    }

    [Fact]
    public async Task Check_of_a_faulty_file_ends_with_1_and_says_each_fault()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("pillarbox.toml", "hostnam = 1\n[queue]\nstore = \"postgres\"\n");

        var finished = await BuiltProgram.RunAsync(["check", "--config", file]);
        var json = await BuiltProgram.RunAsync(["check", "--config", file, "--json"]);

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains($"{file}:1: hostnam: unknown key; did you mean hostname?\n", finished.Error, StringComparison.Ordinal);
        Assert.Contains($"{file}:3: queue.store: \"postgres\" is not available yet", finished.Error, StringComparison.Ordinal);
        Assert.Equal(1, json.ExitCode);
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal(finished.Error.TrimEnd().Split('\n').Length, document.RootElement.GetProperty("faults").GetArrayLength());
    }

    [Fact]
    public async Task Check_of_a_missing_file_ends_with_1()
    {
        var finished = await BuiltProgram.RunAsync(["check", "--config", "/no/such/file.toml"]);

        Assert.Equal(1, finished.ExitCode);
        Assert.StartsWith("/no/such/file.toml:1: there is no such file", finished.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check --config |", "there is no such file")]
    [InlineData("serve --config |", "there is no such file")]
    [InlineData("account list --config |", "there is no such file")]
    [InlineData("queue list --config |", "there is no such file")]
    [InlineData("send --server 127.0.0.1:1 --from a@example.org --to b@example.org |", "there is no such file")]
    [InlineData("send --server 127.0.0.1:1 --from a@example.org --to b@example.org --user ann --password-file |", "there is no such file")]
    [InlineData("send --server 127.0.0.1:1 --from a@example.org --to b@example.org /no/such/file", "cannot be read")]
    public async Task Path_that_is_empty_or_names_nothing_ends_with_1_and_one_line(string arguments, string said)
    {
        var finished = await BuiltProgram.RunAsync([.. arguments.Split(' ').Select(argument => argument == "|" ? "" : argument)]);

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains(said, finished.Error, StringComparison.Ordinal);
        Assert.Single(finished.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Queue_without_a_server_ends_with_1()
    {
        using var directory = new TemporaryDirectory();

        // Port 1 of loopback: nothing of this system listens there.
        var finished = await BuiltProgram.RunAsync(["queue", "list", "--console", "http://127.0.0.1:1"]);

        Assert.Equal(1, finished.ExitCode);
        Assert.StartsWith("pillarbox: no server answers at http://127.0.0.1:1/", finished.Error, StringComparison.Ordinal);
    }
}
