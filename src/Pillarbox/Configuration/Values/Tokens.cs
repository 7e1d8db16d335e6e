using Pillarbox.Trust.Tokens;

namespace Pillarbox.Configuration.Values;

/// <summary>An OpenID provider.</summary>
internal sealed class Issuer() : TextKind("the https URL of an OpenID provider")
{
    protected override Reading Read(string text, ReadingContext context) =>
        TokenOptions.IsSafe(text, out var address) && address.Query.Length == 0
            ? Reading.Of(text)
            : Reading.Wrong($"\"{text}\" is no such address; write {Form}, such as https://id.example.org/realms/mail (http only on loopback)");
}

/// <summary>A word of printable ASCII.</summary>
internal sealed class Word() : TextKind("a word without blanks")
{
    protected override Reading Read(string text, ReadingContext context) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('!', '~') ? Reading.Of(text) : Reading.Wrong($"\"{text}\" is no word; write {Form}");
}
