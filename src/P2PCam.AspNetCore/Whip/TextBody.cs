using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace P2PCam.AspNetCore.Whip;

/// <summary>Reads the body of a request as far as is decent.</summary>
internal static class TextBody
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>Whether the body says that it is of this media type, whatever its parameters.</summary>
    public static bool IsOfType(HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>The body as UTF-8; null if there is more of it than anybody needs.</summary>
    public static async Task<string?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            return null;
        }

        var buffer = new byte[request.ContentLength is { } known ? (int)known + 1 : MaxBytes + 1];
        var length = 0;
        while (length < buffer.Length && await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
        }

        return length > MaxBytes ? null : Encoding.UTF8.GetString(buffer, 0, length);
    }
}
