using System.Text;
using Pillarbox.Configuration;
using Pillarbox.Delivery;
using Pillarbox.Server;
using Pillarbox.Server.Guessing;

namespace Pillarbox.Tests.Configuration;

public sealed class KeysTests
{
    private static readonly ConfigurationLoader Loader = new(new Dictionary<string, string> { ["HOME"] = "/home/nobody" });

    /// <summary>
    /// The table of keys in docs/configuration.md is that of the code, row by row. <c>PILLARBOX_GOLDEN=DIRECTORY</c> writes the rows as
    /// they should be.
    /// </summary>
    [Fact]
    public async Task Documentation_has_a_row_for_every_key()
    {
        var rows = Keys.All.Select(key => $"| `{key.Name}` | {Form(key)} | {Default(key)} | {key.Meaning}{(key.Reloads ? " ↻" : "")} |").ToList();
        if (Environment.GetEnvironmentVariable("PILLARBOX_GOLDEN") is { } golden)
            await File.WriteAllLinesAsync(Path.Combine(golden, "keys.md"), rows, TestContext.Current.CancellationToken);

        var documented = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "docs", "configuration.md"), TestContext.Current.CancellationToken);
        Assert.Equal(rows, documented.Where(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }

    [Fact]
    public void Defaults_of_the_table_are_those_of_the_rooms()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("pillarbox.toml", "hostname = \"mx.example.org\"\n[[listeners]]\nname = \"a\"\naddress = \"127.0.0.1:2525\"\nrole = \"capture\"\n");

        var options = Loader.LoadFile(file).Options;

        Assert.NotNull(options);
        Assert.Equal(new LimitOptions(), options.Server.Policy.Limits);
        var guessing = options.Server.Policy.Guessing;
        Assert.Equal(new GuessingOptions { Never = guessing.Never }, guessing);
        Assert.Equal(new GuessingOptions().Never, guessing.Never);
        var rooms = new DeliveryOptions { Hostname = "mx.example.org" };
        Assert.Equal(rooms.Retry, options.Delivery.Retry);
        Assert.Equal(
            rooms with { Routes = default, Domains = options.Delivery.Domains, Retry = default },
            options.Delivery with { Routes = default, Retry = default });
        var listener = new ListenerOptions { Name = "a", Address = options.Server.Listeners[0].Address, Role = ListenerRole.Capture };
        Assert.Equal(WithoutLists(listener), WithoutLists(options.Server.Listeners[0]));
    }

    [Fact]
    public void Every_default_can_be_read()
    {
        using var directory = new TemporaryDirectory();
        var settings = Loader.ReadSettings(directory.Write("pillarbox.toml", ""));

        Assert.All(Keys.All.Where(key => key.Default is not null), key => Assert.NotNull(settings.Get<object>(key.Name)));
    }

    private static ListenerOptions WithoutLists(ListenerOptions listener) =>
        listener with { Mechanisms = default, RelayFrom = default, ProxyFrom = default, XclientFrom = default, EtrnFrom = default };

    private static string Form(Key key) => key.Kind is null ? "" : key.Kind.Form.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Default(Key key)
    {
        if (!key.IsAvailable)
            return "*not available yet*";
        if (key.Required)
            return "*required*";
        return key.Default switch { null => "", "" => "`[]`", var text when key.Kind is Pillarbox.Configuration.Values.ListOf => $"`[{Quoted(text)}]`", var text => $"`{text}`" };
    }

    private static string Quoted(string list) =>
        new StringBuilder().AppendJoin(", ", list.Split(',', StringSplitOptions.TrimEntries).Select(item => $"\"{item}\"")).ToString();
}
