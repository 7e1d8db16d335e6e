using System.Text.Json;
using System.Text.Json.Serialization;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Capture;

/// <summary>What is known of a captured message besides its octets. All of it but the id, the size and the time comes from a stranger.</summary>
/// <param name="Id">The queue id that the 250 gave.</param>
/// <param name="From">The reverse-path; empty for the null one.</param>
/// <param name="To">The forward-paths.</param>
/// <param name="Subject">The Subject field, decoded, on one line, cut at 1,000 characters; empty where there is none.</param>
/// <param name="Size">Octets.</param>
/// <param name="Received">When it was accepted, in UTC.</param>
/// <param name="Client">The client's address; empty where the server wrote the message itself.</param>
/// <param name="Account">The account that the client had logged in to, or none.</param>
public sealed record CapturedMessage(
    QueueId Id, string From, IReadOnlyList<string> To, string Subject, long Size, DateTimeOffset Received, string Client, string? Account);

/// <summary>A message as the disk has it: what the record's header does not hold.</summary>
internal sealed record CaptureMeta(string From, IReadOnlyList<string> To, string Subject, DateTimeOffset Received, string Client, string? Account)
{
    public static CaptureMeta Of(Envelope envelope, string subject) => new(
        envelope.Sender?.Text ?? "", [.. envelope.Recipients.Select(recipient => recipient.Text)], subject,
        envelope.Accepted.ToUniversalTime(), envelope.Client, envelope.Account);

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, CaptureJson.Default.CaptureMeta);

    /// <exception cref="InvalidDataException">The bytes are not what <see cref="ToBytes"/> made.</exception>
    public static CaptureMeta FromBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, CaptureJson.Default.CaptureMeta) ?? throw new InvalidDataException("an empty record");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("a record that cannot be read", e);
        }
    }

    public CapturedMessage ToMessage(QueueId id, long size) => new(id, From, To, Subject, size, Received, Client, Account);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CaptureMeta))]
internal sealed partial class CaptureJson : JsonSerializerContext;
