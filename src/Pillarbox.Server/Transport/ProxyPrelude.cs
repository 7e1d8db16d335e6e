using System.Buffers;
using System.IO.Pipelines;
using Pillarbox.Protocol.Proxy;

namespace Pillarbox.Server.Transport;

/// <summary>Takes the PROXY header off the front of a connection, and not an octet more.</summary>
internal static class ProxyPrelude
{
    /// <summary>Reads it. How long that may take is the caller's to watch: it cuts the connection.</summary>
    /// <returns>The header, or what was wrong; empty where the connection just ended: balancers look that way whether a server is there.</returns>
    public static async ValueTask<(ProxyHeader Header, string? Cause)> ReadAsync(PipeReader input)
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = await input.ReadAsync();
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                return (default, "");
            }

            var status = Read(result.Buffer, out var header, out var length);
            if (status == OperationStatus.Done)
            {
                input.AdvanceTo(result.Buffer.GetPosition(length));
                return (header, null);
            }

            var cause = status == OperationStatus.InvalidData ? $"no PROXY header: {Describe(result.Buffer)}"
                : result.IsCompleted ? result.Buffer.IsEmpty ? "" : "the connection ended within a PROXY header"
                : null;
            input.AdvanceTo(cause is null ? result.Buffer.Start : result.Buffer.End, result.Buffer.End);
            if (cause is not null)
                return (default, cause);
        }
    }

    private static OperationStatus Read(ReadOnlySequence<byte> buffer, out ProxyHeader header, out int length)
    {
        if (buffer.IsSingleSegment)
            return ProxyHeader.Read(buffer.FirstSpan, out header, out length);
        var start = buffer.Slice(0, Math.Min(buffer.Length, ProxyHeader.MaxLength)).ToArray();
        return ProxyHeader.Read(start, out header, out length);
    }

    private static string Describe(ReadOnlySequence<byte> buffer) =>
        Convert.ToHexStringLower(buffer.Slice(0, Math.Min(buffer.Length, 16)).ToArray()) + (buffer.Length > 16 ? "..." : "");
}
