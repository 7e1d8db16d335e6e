namespace Pillarbox.Delivery.Routing;

/// <summary>Where a route leads: one of the nested kinds. Equal by value.</summary>
public abstract record DeliveryTarget
{
    private DeliveryTarget()
    {
    }

    /// <summary>The mail exchangers of the recipient's domain.</summary>
    public sealed record Mx : DeliveryTarget
    {
        /// <inheritdoc/>
        public override string ToString() => "mx";
    }

    /// <summary>A fixed server.</summary>
    /// <param name="Host">A name or an address, without brackets.</param>
    /// <param name="Port">Its port.</param>
    /// <param name="ImplicitTls">TLS from the first octet (<c>smtps://</c>); otherwise STARTTLS where offered.</param>
    /// <param name="User">Who logs in, or <see langword="null"/>.</param>
    /// <param name="Password">The secret to it.</param>
    public sealed record Smarthost(string Host, int Port, bool ImplicitTls = false, string? User = null, string? Password = null) : DeliveryTarget
    {
        /// <summary>The target without its secret.</summary>
        public override string ToString() =>
            $"{(ImplicitTls ? "smtps" : "smtp")}://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";
    }

    /// <summary>A server that puts mail into mailboxes, and says of each recipient's whether it has (RFC 2033).</summary>
    /// <param name="Host">A name or an address, without brackets.</param>
    /// <param name="Port">Its port.</param>
    public sealed record Lmtp(string Host, int Port) : DeliveryTarget
    {
        /// <inheritdoc/>
        public override string ToString() => $"lmtp://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}";
    }

    /// <summary>A file a message in the Maildir of the recipient.</summary>
    /// <param name="Template">The path, with <c>{local}</c> and <c>{domain}</c>.</param>
    public sealed record Maildir(string Template) : DeliveryTarget
    {
        /// <summary>Whether the recipient's address becomes part of the path.</summary>
        public bool NamesPath => Template.Contains("{local}", StringComparison.Ordinal) || Template.Contains("{domain}", StringComparison.Ordinal);

        /// <inheritdoc/>
        public override string ToString() => $"maildir:{Template}";
    }

    /// <summary>The console's capture.</summary>
    public sealed record Capture : DeliveryTarget
    {
        /// <inheritdoc/>
        public override string ToString() => "capture";
    }

    /// <summary>Nowhere: accepted and dropped.</summary>
    public sealed record Discard : DeliveryTarget
    {
        /// <inheritdoc/>
        public override string ToString() => "discard";
    }

    /// <summary>Whether mail that goes there leaves this machine (or may).</summary>
    public bool LeavesMachine => this is Mx or Smarthost or Lmtp;

    /// <summary>
    /// Reads a target as the configuration writes it: <c>mx</c>, <c>smtp://[USER:PASSWORD@]HOST[:PORT]</c>, <c>smtps://…</c>,
    /// <c>lmtp://HOST[:PORT]</c>, <c>maildir:PATH</c>, <c>capture</c>, <c>discard</c>. User and password are percent-encoded.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="target">The target.</param>
    /// <param name="error">What is wrong, and what would be right.</param>
    public static bool TryParse(
        string text,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DeliveryTarget? target,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        error = null;
        target = text switch
        {
            "mx" => new Mx(),
            "capture" => new Capture(),
            "discard" => new Discard(),
            _ => null,
        };
        if (target is not null)
            return true;

        if (text.StartsWith("maildir:", StringComparison.Ordinal))
            target = TargetGrammar.ParseMaildir(text["maildir:".Length..], out error);
        else if (text.StartsWith("smtp://", StringComparison.Ordinal))
            target = TargetGrammar.ParseSmarthost(text["smtp://".Length..], implicitTls: false, out error);
        else if (text.StartsWith("smtps://", StringComparison.Ordinal))
            target = TargetGrammar.ParseSmarthost(text["smtps://".Length..], implicitTls: true, out error);
        else if (text.StartsWith("lmtp://", StringComparison.Ordinal))
            target = TargetGrammar.ParseLmtp(text["lmtp://".Length..], out error);
        else if (text.StartsWith("https://", StringComparison.Ordinal))
            error = "https: not available yet";
        else
            error = "no such target; one of mx, smtp://HOST:PORT, smtps://HOST:PORT, lmtp://HOST:PORT, maildir:PATH, capture, discard";
        return (target is null) == (error is not null) && target is not null;
    }
}
