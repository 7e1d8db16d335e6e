using Pillarbox.Peers;

namespace Pillarbox.Delivery.Tests.Scheduling;

public sealed class SmarthostTests
{
    [Fact]
    public async Task Message_to_a_smarthost_arrives_byte_for_byte_and_leaves_the_queue()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{sink.Port}"));
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", "Subject: dots\r\n\r\n.\r\n..\r\nlast\r\n");
        await rig.UntilEmptyAsync();

        var message = Assert.Single(sink.Messages());
        Assert.EndsWith("Received: by relay.test\nSubject: dots\n\n.\n..\nlast\n", message.Text.TrimEnd('\n') + "\n", StringComparison.Ordinal);
    }
}
