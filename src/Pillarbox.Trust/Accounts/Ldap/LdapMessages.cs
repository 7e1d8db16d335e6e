using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Text;

namespace Pillarbox.Trust.Accounts.Ldap;

/// <summary>Result codes of RFC 4511 appendix A that are told apart here.</summary>
internal enum LdapResult
{
    Success = 0,
    SizeLimitExceeded = 4,
    ConstraintViolation = 19,
    NoSuchObject = 32,
    InvalidDnSyntax = 34,
    InappropriateAuthentication = 48,
    InvalidCredentials = 49,
    UnwillingToPerform = 53,
}

/// <summary>How far below its base a search goes.</summary>
internal enum LdapScope
{
    Base = 0,
    Subtree = 2,
}

/// <summary>An entry that a search found.</summary>
/// <param name="Dn">Its name.</param>
/// <param name="Values">The values of the attribute that was asked for.</param>
internal sealed record LdapEntry(string Dn, ImmutableArray<string> Values);

/// <summary>A message of a server.</summary>
/// <param name="Operation">The number of its operation: 1 bind's, 4 an entry, 5 the end of a search, 24 an extended one.</param>
/// <param name="Id">Which request it answers.</param>
/// <param name="Result">Its result; success for an entry.</param>
/// <param name="Diagnostic">What the server says for people.</param>
/// <param name="Entry">The entry.</param>
/// <param name="PolicyError">What the password policy holds against a bind, as draft-behera-ldap-password-policy-10 §6.2 numbers it.</param>
internal sealed record LdapMessage(int Operation, int Id, LdapResult Result, string Diagnostic, LdapEntry? Entry, int? PolicyError);

/// <summary>The few messages of LDAP (RFC 4511 §4) that logins need: bind, search and StartTLS.</summary>
internal static class LdapMessages
{
    public const int BindResponse = 1;
    public const int SearchEntry = 4;
    public const int SearchDone = 5;
    public const int ExtendedResponse = 24;

    private const string StartTlsName = "1.3.6.1.4.1.1466.20037";
    private const string PasswordPolicy = "1.3.6.1.4.1.42.2.27.8.5.1";

    /// <summary>A simple bind, which also asks what the password policy holds against it.</summary>
    public static byte[] Bind(int id, string dn, string password) => Message(id, withPolicy: true, writer =>
    {
        using (writer.PushSequence(Application(0)))
        {
            writer.WriteInteger(3);
            writer.WriteOctetString(Encoding.UTF8.GetBytes(dn));
            writer.WriteOctetString(Encoding.UTF8.GetBytes(password), new Asn1Tag(TagClass.ContextSpecific, 0));
        }
    });

    /// <summary>A search that follows no alias and asks for the values of one attribute, or of none.</summary>
    public static byte[] Search(int id, string under, LdapScope scope, int sizeLimit, int timeLimit, string filter, string? attribute) => Message(id, withPolicy: false, writer =>
    {
        using (writer.PushSequence(Application(3)))
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(under));
            writer.WriteEnumeratedValue(scope);
            writer.WriteEnumeratedValue(LdapScope.Base);
            writer.WriteInteger(sizeLimit);
            writer.WriteInteger(timeLimit);
            writer.WriteBoolean(false);
            LdapFilter.Write(filter, writer);
            using (writer.PushSequence())
            {
                // "1.1" stands for no attribute (RFC 4511 §4.5.1.8).
                writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute ?? "1.1"));
            }
        }
    });

    /// <summary>Asks for TLS.</summary>
    public static byte[] StartTls(int id) => Message(id, withPolicy: false, writer =>
    {
        using (writer.PushSequence(Application(23)))
            writer.WriteOctetString(Encoding.ASCII.GetBytes(StartTlsName), new Asn1Tag(TagClass.ContextSpecific, 0));
    });

    /// <summary>Reads a message.</summary>
    /// <exception cref="AsnContentException">It is none.</exception>
    public static LdapMessage Read(ReadOnlyMemory<byte> octets)
    {
        var message = new AsnReader(octets, AsnEncodingRules.BER).ReadSequence();
        if (!message.TryReadInt32(out var id))
            throw new AsnContentException("no message has such a number");
        var tag = message.PeekTag();
        if (tag.TagClass != TagClass.Application || !tag.IsConstructed)
            throw new AsnContentException("no server's message has such a tag");
        var body = message.ReadSequence(tag);
        switch (tag.TagValue)
        {
            case SearchEntry:
                return new LdapMessage(SearchEntry, id, LdapResult.Success, "", ReadEntry(body), null);
            case BindResponse or SearchDone or ExtendedResponse:
                var result = ReadCode(body.ReadEnumeratedBytes());
                body.ReadOctetString();
                var diagnostic = Encoding.UTF8.GetString(body.ReadOctetString());
                return new LdapMessage(tag.TagValue, id, (LdapResult)result, diagnostic, null, message.HasData ? ReadPolicyError(message) : null);
            default:
                // A reference to another server, which is not followed, or what a later version brings.
                return new LdapMessage(tag.TagValue, id, LdapResult.Success, "", null, null);
        }
    }

    private static LdapEntry ReadEntry(AsnReader body)
    {
        var dn = Encoding.UTF8.GetString(body.ReadOctetString());
        var values = ImmutableArray.CreateBuilder<string>();
        var attributes = body.ReadSequence();
        while (attributes.HasData)
        {
            var attribute = attributes.ReadSequence();
            attribute.ReadOctetString();
            var set = attribute.ReadSetOf();
            while (set.HasData)
                values.Add(Encoding.UTF8.GetString(set.ReadOctetString()));
        }

        return new LdapEntry(dn, values.ToImmutable());
    }

    private static int? ReadPolicyError(AsnReader message)
    {
        var controls = message.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true));
        while (controls.HasData)
        {
            var control = controls.ReadSequence();
            var name = Encoding.ASCII.GetString(control.ReadOctetString());
            if (control.HasData && control.PeekTag() == Asn1Tag.Boolean)
                control.ReadBoolean();
            if (name != PasswordPolicy || !control.HasData)
                continue;
            var value = new AsnReader(control.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
            while (value.HasData)
            {
                var error = new Asn1Tag(TagClass.ContextSpecific, 1);
                if (value.PeekTag() == error)
                    return ReadCode(value.ReadEnumeratedBytes(error));
                value.ReadEncodedValue();
            }
        }

        return null;
    }

    private static int ReadCode(ReadOnlyMemory<byte> octets)
    {
        var code = octets.Length is 1 or 2 ? 0 : throw new AsnContentException("no result has such a number");
        foreach (var octet in octets.Span)
            code = (code << 8) | octet;
        return code;
    }

    private static byte[] Message(int id, bool withPolicy, Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            write(writer);
            if (withPolicy)
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)))
                using (writer.PushSequence())
                    writer.WriteOctetString(Encoding.ASCII.GetBytes(PasswordPolicy));
            }
        }

        return writer.Encode();
    }

    private static Asn1Tag Application(int number) => new(TagClass.Application, number, isConstructed: true);
}
