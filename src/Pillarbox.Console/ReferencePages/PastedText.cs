using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Pillarbox.WebConsole.ReferencePages;

/// <summary>The text that somebody pasted into the form, or why there is none.</summary>
/// <param name="Text">The text; null where the form could not be taken.</param>
/// <param name="Status">The status of the answer.</param>
internal sealed record PastedText(string? Text, int Status)
{
    /// <summary>Characters of a text at most: room for a bounce with the message that it returns.</summary>
    public const int MaxLength = 256 * 1024;

    // A character of any script takes three octets of UTF-8, and each of them three in a form.
    private const int MaxForm = (9 * MaxLength) + 1024;

    public static async Task<PastedText> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxForm;
        if (!IsReadable(request))
            return new PastedText(null, StatusCodes.Status415UnsupportedMediaType);
        try
        {
            var form = await request.ReadFormAsync(cancellationToken);
            return new PastedText(form["text"].ToString(), StatusCodes.Status200OK);
        }
        catch (BadHttpRequestException fault)
        {
            return new PastedText(null, fault.StatusCode);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            // Octets that are no form: a NUL, a part that ends too early, fields without number.
            return new PastedText(null, StatusCodes.Status400BadRequest);
        }
    }

    private static bool IsReadable(HttpRequest request) =>
        request.HasFormContentType
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && HeaderUtilities.RemoveQuotes(type.Charset) is var charset
        && (charset.Length == 0 || charset.Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase));
}
