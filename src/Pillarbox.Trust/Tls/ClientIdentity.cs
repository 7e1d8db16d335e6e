using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pillarbox.Trust.Tls;

/// <summary>Who a client is by a certificate that was checked.</summary>
/// <param name="Subject">The certificate's subject, for the log.</param>
/// <param name="Addresses">The mail addresses that it is for (rfc822Name of subjectAltName, RFC 5280 §4.2.1.6).</param>
public sealed record ClientIdentity(string Subject, ImmutableArray<string> Addresses)
{
    private const int MaxAddresses = 8;
    private const int MaxSubject = 200;

    // RFC 5280 appendix A.2: rfc822Name [1] IA5String.
    private static readonly Asn1Tag Rfc822Name = new(TagClass.ContextSpecific, 1);

    /// <summary>Reads a certificate. The subject names nobody: what stands there has no one form.</summary>
    internal static ClientIdentity Of(X509Certificate2 certificate) => new(
        string.Concat(certificate.Subject.Take(MaxSubject).Select(c => char.IsControl(c) ? '?' : c)),
        [.. certificate.Extensions.Where(extension => extension.Oid?.Value == "2.5.29.17").SelectMany(extension => Read(extension.RawData)).Take(MaxAddresses)]);

    private static List<string> Read(byte[] extension)
    {
        var addresses = new List<string>();
        try
        {
            var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(Rfc822Name))
                    addresses.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Rfc822Name));
                else
                    names.ReadEncodedValue();
            }

            return [.. addresses.Where(address => address.Length > 0 && !address.Any(char.IsControl))];
        }
        catch (Exception broken) when (broken is AsnContentException or CryptographicException)
        {
            // A list that cannot be read to its end names nobody.
            return [];
        }
    }
}
