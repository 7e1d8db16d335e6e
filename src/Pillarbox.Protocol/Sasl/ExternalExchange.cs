namespace Pillarbox.Protocol.Sasl;

/// <summary>
/// EXTERNAL (RFC 4422 appendix A): who the client is was proved elsewhere, here by its certificate; the one message says on whose behalf
/// it wants to act, and is empty for its own.
/// </summary>
internal sealed class ExternalExchange : SaslExchange
{
    public override string Mechanism => "EXTERNAL";

    public override SaslStep Begin() => SaslStep.Ask("");

    public override SaslStep Respond(ReadOnlySpan<byte> response) =>
        TryText(response, out var identity) ? SaslStep.CheckCertificate(identity) : SaslStep.Malformed;
}
