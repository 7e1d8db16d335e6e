namespace Pillarbox.Delivery.Bounces;

/// <summary>Text outside ASCII in a header field (RFC 2047).</summary>
internal static class EncodedWords
{
    // A line has 76 characters at most. "Subject: =?utf-8?B?" and "?=" leave 55 of them: 52 in Base64 are 39 octets.
    private const int MaxOctets = 39;

    /// <summary>The text as encoded words, each on a line of its own and of whole characters.</summary>
    public static string Of(string text)
    {
        var words = new List<string>();
        var word = new List<byte>(MaxOctets);
        Span<byte> octets = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(octets);
            if (word.Count + length > MaxOctets)
            {
                words.Add(Encode(word));
                word.Clear();
            }

            word.AddRange(octets[..length]);
        }

        words.Add(Encode(word));
        return string.Join("\r\n ", words);
    }

    private static string Encode(List<byte> word) => $"=?utf-8?B?{Convert.ToBase64String([.. word])}?=";
}
