using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Pillarbox.Server.Tests;

/// <summary>A session over pipes in memory: a write is a read at the other side, so reads are cut just where a test wants them to be.</summary>
internal static class PipedSession
{
    private static readonly PipeOptions Inline = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false);

    /// <summary>Says these pieces, each in a write of its own, then closes its side.</summary>
    /// <returns>The lines that the server said.</returns>
    public static async Task<string[]> SayAsync(TestServer server, IEnumerable<string> pieces)
    {
        var (input, output) = (new Pipe(Inline), new Pipe(Inline));
        await using var connection = new Connection { Transport = new Duplex(input.Reader, output.Writer) };
        var session = ServeAsync(server, connection);
        foreach (var piece in pieces)
        {
            if (piece.Length > 0 && (await input.Writer.WriteAsync(Encoding.Latin1.GetBytes(piece))).IsCompleted)
                break;
        }

        await input.Writer.CompleteAsync();
        await session;
        await output.Writer.CompleteAsync();
        var said = await output.Reader.ReadAsync();
        var lines = Encoding.Latin1.GetString(System.Buffers.BuffersExtensions.ToArray(said.Buffer)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        await output.Reader.CompleteAsync();
        return lines;
    }

    private static async Task ServeAsync(TestServer server, Connection connection)
    {
        await server.ServeAsync(connection);
        await connection.Transport.Input.CompleteAsync();
    }

    private sealed class Connection : ConnectionContext
    {
        public override string ConnectionId { get; set; } = "piped";

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override required IDuplexPipe Transport { get; set; }

        public override EndPoint? RemoteEndPoint { get; set; } = new IPEndPoint(IPAddress.Loopback, 1);

        public override void Abort(ConnectionAbortedException abortReason)
        {
        }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
