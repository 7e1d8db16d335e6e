namespace Pillarbox.Protocol.Grammar;

/// <summary>
/// An address as it stood between the angle brackets of MAIL or RCPT, without them and without a source route
/// (RFC 5321 §4.1.2, RFC 6531 §3.3). The text is kept exactly as it was given, since it goes on unchanged.
/// The null reverse-path is no mailbox: where one is allowed, it is <see langword="null"/>.
/// </summary>
public sealed class Mailbox : IEquatable<Mailbox>
{
    private readonly int _at;

    private Mailbox(string text, int at)
    {
        Text = text;
        _at = at;
    }

    /// <summary>The address as given, for example <c>"ann lee"@example.org</c>; at most 320 octets in UTF-8 and never empty.</summary>
    public string Text { get; }

    /// <summary>What stands before the last unquoted <c>@</c>, quotes included.</summary>
    public ReadOnlySpan<char> LocalPart => _at < 0 ? Text : Text.AsSpan(0, _at);

    /// <summary>What stands behind the <c>@</c>; empty for the bare <c>postmaster</c> of RFC 5321 §4.1.1.3. An address literal keeps its brackets.</summary>
    public ReadOnlySpan<char> Domain => _at < 0 ? default : Text.AsSpan(_at + 1);

    /// <summary>Whether the domain is an address literal such as <c>[192.0.2.1]</c> or <c>[IPv6:2001:db8::1]</c>.</summary>
    public bool IsAddressLiteral => Domain is ['[', ..];

    /// <summary>Whether the address has a character outside ASCII, so that a hop without SMTPUTF8 cannot take it (RFC 6531 §3.3).</summary>
    public bool NeedsSmtpUtf8 => !System.Text.Ascii.IsValid(Text);

    /// <summary>The local part with quotes and backslashes taken away: what a directory or an account would be called.</summary>
    public string UnquotedLocalPart()
    {
        var local = LocalPart;
        if (local is not ['"', .., '"'])
            return local.ToString();

        var plain = new System.Text.StringBuilder(local.Length);
        var inner = local[1..^1];
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '\\' && i + 1 < inner.Length)
                i++;
            plain.Append(inner[i]);
        }

        return plain.ToString();
    }

    /// <summary>The same local part at another domain: how <c>&lt;postmaster&gt;</c> gets the server's own.</summary>
    public Mailbox At(string domain) => new($"{LocalPart}@{domain}", LocalPart.Length);

    /// <summary>
    /// Reads an address: <c>Mailbox</c> of RFC 5321 §4.1.2, with UTF-8 as RFC 6531 §3.3 adds it, or the bare <c>postmaster</c>.
    /// </summary>
    /// <returns>Whether the whole of <paramref name="text"/> is one address within the length limits of RFC 5321 §4.5.3.1.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        if (!MailboxGrammar.TryMatch(text, out var at))
            return false;

        mailbox = new Mailbox(System.Text.Encoding.UTF8.GetString(text), at);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out Mailbox?)"/>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Mailbox? mailbox)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(System.Text.Encoding.UTF8.GetBytes(text), out mailbox);
    }

    /// <summary>As <see cref="TryParse(string, out Mailbox?)"/>, for an address that is known to be one.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static Mailbox Parse(string text) =>
        TryParse(text, out var mailbox) ? mailbox : throw new FormatException($"not an address: {text}");

    /// <summary>Local parts are compared to the letter, domains without regard to case (RFC 5321 §2.4).</summary>
    public bool Equals(Mailbox? other) =>
        other is not null && LocalPart.SequenceEqual(other.LocalPart) && Domain.Equals(other.Domain, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Mailbox);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(string.GetHashCode(LocalPart), string.GetHashCode(Domain, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override string ToString() => Text;
}
