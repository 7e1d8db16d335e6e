using System.Text;
using Pillarbox.Delivery.Maildir;
using Pillarbox.Peers;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Maildir;

public sealed class MaildirTests
{
    [Fact]
    public async Task Message_becomes_a_file_with_line_feeds_and_a_return_path()
    {
        using var directory = new TempDirectory("maildir");
        await using var rig = new Rig(Rig.To($"maildir:{directory.Path}/{{domain}}/{{local}}"));
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "\"Bob Lee\"@Sink.test", "Subject: hello\r\n\r\n.\r\nworld\r\n");
        await rig.UntilEmptyAsync();

        var mailbox = directory["sink.test/bob lee"];
        var file = Assert.Single(Directory.GetFiles(Path.Combine(mailbox, "new")));
        Assert.Equal("Return-Path: <ann@source.test>\nReceived: by relay.test\nSubject: hello\n\n.\nworld\n", await File.ReadAllTextAsync(file, Rig.Patience));
        Assert.Empty(Directory.GetFiles(Path.Combine(mailbox, "tmp")));
        Assert.True(Directory.Exists(Path.Combine(mailbox, "cur")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Matches(@"^\d+\.M\d{6}P\d+Q\d+\.relay\.test$", Path.GetFileName(file));
    }

    [Fact]
    public async Task Binary_message_is_kept_as_it_is()
    {
        using var directory = new TempDirectory("maildir");
        await using var rig = new Rig(Rig.To($"maildir:{directory.Path}/{{local}}"));
        await rig.StartAsync();

        await rig.SubmitAsync(
            "ann@source.test", "bob@sink.test", "Subject: hello\r\n\r\n\r\n\r\0\n\r", change: envelope => envelope with { Traits = MessageTraits.Binary });
        await rig.UntilEmptyAsync();

        var file = Assert.Single(Directory.GetFiles(directory["bob/new"]));
        Assert.Equal(
            "Return-Path: <ann@source.test>\r\nReceived: by relay.test\r\nSubject: hello\r\n\r\n\r\n\r\0\n\r",
            await File.ReadAllTextAsync(file, Rig.Patience));
    }

    [Fact]
    public async Task Many_messages_get_names_of_their_own_and_recipients_of_one_mailbox_one_copy()
    {
        using var directory = new TempDirectory("maildir");
        await using var rig = new Rig(Rig.To($"maildir:{directory.Path}/box"));
        await rig.StartAsync();

        for (var i = 0; i < 100; i++)
            await rig.SubmitAsync(null, "a@sink.test,b@sink.test", $"Subject: {i}\r\n\r\n");
        await rig.UntilEmptyAsync();

        var files = Directory.GetFiles(directory["box/new"]);
        Assert.Equal(100, files.Length);
        Assert.Equal(100, files.Select(File.ReadAllText).Distinct().Count());
        Assert.All(files, file => Assert.StartsWith("Return-Path: <>\n", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mailbox_that_cannot_be_written_defers_and_tells_no_path()
    {
        using var directory = new TempDirectory("maildir");
        directory.Write("file", "in the way");
        await using var rig = new Rig(Rig.To($"maildir:{directory.Path}/file/{{local}}"));
        await rig.StartAsync();

        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", "Subject: x\r\n\r\n");
        var status = await rig.UntilTriedAsync(id, 1);

        Assert.DoesNotContain(directory.Path, status.LastReply, StringComparison.Ordinal);
        Assert.Contains(rig.Log.Lines, line => line.Contains(directory.Path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"..\"@sink.test")]
    [InlineData("\".\"@sink.test")]
    [InlineData("\".hidden\"@sink.test")]
    [InlineData("\"a/b\"@sink.test")]
    [InlineData("\"a\\\\b\"@sink.test")]
    [InlineData("\"\"@sink.test")]
    [InlineData("\"../../etc\"@sink.test")]
    public void Address_that_would_leave_its_directory_has_no_path(string address) =>
        Assert.Null(MaildirPath.Expand("/srv/mail/{local}", Mailbox.Parse(address)));

    [Theory]
    [InlineData("Bob@Sink.Test", "/srv/sink.test/bob/Maildir")]
    [InlineData("{domain}@sink.test", "/srv/sink.test/{domain}/Maildir")]
    [InlineData("bob@Bücher.test", "/srv/xn--bcher-kva.test/bob/Maildir")]
    [InlineData("bob@[192.0.2.1]", "/srv/[192.0.2.1]/bob/Maildir")]
    public void Address_becomes_segments_of_the_path(string address, string expected) =>
        Assert.Equal(expected, MaildirPath.Expand("/srv/{domain}/{local}/Maildir", Mailbox.Parse(address)));

    [Fact]
    public void Line_ends_become_line_feeds_wherever_the_content_is_cut()
    {
        var content = "a\r\n\r\nb\rc\r\r\nd\r"u8.ToArray();
        using var directory = new TempDirectory("lines");
        for (var cut = 0; cut <= content.Length; cut++)
        {
            using (var file = File.OpenHandle(directory[$"{cut}"], FileMode.Create, FileAccess.Write))
            {
                var lines = new LineFeeds(file);
                lines.Write(content.AsSpan(0, cut));
                lines.Write(content.AsSpan(cut));
                lines.End();
            }

            Assert.Equal("a\n\nb\rc\r\nd\r", Encoding.ASCII.GetString(File.ReadAllBytes(directory[$"{cut}"])));
        }
    }
}
