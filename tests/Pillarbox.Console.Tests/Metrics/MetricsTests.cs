namespace Pillarbox.WebConsole.Tests.Metrics;

public sealed class MetricsTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Theory]
    [InlineData("# TYPE pillarbox_sessions_total counter")]
    [InlineData("# TYPE pillarbox_sessions_active gauge")]
    [InlineData("# TYPE pillarbox_messages_accepted_total counter")]
    [InlineData("# TYPE pillarbox_accept_duration_seconds histogram")]
    [InlineData("# TYPE pillarbox_messages_size_bytes histogram")]
    [InlineData("# TYPE pillarbox_delivery_attempts_total counter")]
    [InlineData("# TYPE pillarbox_capture_messages_total counter")]
    [InlineData("# TYPE dotnet_process_cpu_time_seconds_total counter")]
    [InlineData("service_name=\"pillarbox\"")]
    [InlineData("le=\"0.0005\"")]
    public async Task Figures_of_each_room_are_there_once_a_message_has_passed(string expected)
    {
        await shared.Host.CaptureAsync("Subject: x\r\n\r\n");

        Assert.Contains(expected, await shared.Host.GetAsync("/metrics"), StringComparison.Ordinal);
    }
}
