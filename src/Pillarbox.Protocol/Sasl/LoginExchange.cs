namespace Pillarbox.Protocol.Sasl;

/// <summary>
/// LOGIN: no standard was ever finished (draft-murchison-sasl-login), every client has it. The challenges are the two
/// that clients have always been given; some match them to the letter.
/// </summary>
internal sealed class LoginExchange : SaslExchange
{
    private const string AskName = "VXNlcm5hbWU6";
    private const string AskPassword = "UGFzc3dvcmQ6";

    private string? _name;

    public override string Mechanism => "LOGIN";

    public override SaslStep Begin() => SaslStep.Ask(AskName);

    public override SaslStep Respond(ReadOnlySpan<byte> response)
    {
        if (!TryText(response, out var text))
            return SaslStep.Malformed;
        if (_name is not null)
            return SaslStep.Check("", _name, text);
        if (text.Length == 0)
            return SaslStep.Malformed;

        _name = text;
        return SaslStep.Ask(AskPassword);
    }
}
