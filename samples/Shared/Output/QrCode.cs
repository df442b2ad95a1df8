using System.Text;
using QRCoder;

namespace Samples;

/// <summary>A QR code in text: two modules per character, one above the other.</summary>
internal static class QrCode
{
    /// <summary>Prints it below its label; nothing where there is no terminal, and words where that is too narrow: a wrapped code cannot be read.</summary>
    public static void Print(string label, string text)
    {
        if (!Paint.IsTerminal)
        {
            return;
        }

        Console.WriteLine();
        var lines = Lines(text).ToList();
        if (Console.WindowWidth > 0 && Console.WindowWidth < WidthOf(text) + Margin.Length)
        {
            Console.WriteLine(Paint.Soft($"{Margin}{label}: its QR code needs a terminal of {WidthOf(text) + Margin.Length} columns"));
            return;
        }

        Console.WriteLine($"{Margin}{Paint.Bold(label)}");
        lines.ForEach(line => Console.WriteLine(Margin + line));
    }

    private const string Margin = "  ";

    private static int WidthOf(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        return data.ModuleMatrix.Count - 4;
    }

    public static IEnumerable<string> Lines(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        var modules = data.ModuleMatrix;
        for (var y = 2; y < modules.Count - 2; y += 2)
        {
            // The matrix has a quiet zone of four modules; two are enough on a terminal.
            var line = new StringBuilder();
            for (var x = 2; x < modules.Count - 2; x++)
            {
                line.Append((modules[y][x], y + 1 < modules.Count && modules[y + 1][x]) switch
                {
                    (true, true) => Dark,
                    (true, false) => DarkAbove,
                    (false, true) => DarkBelow,
                    _ => Light,
                });
            }

            yield return Paint.BlackOnWhite(line.ToString());
        }
    }

    // With colours, ink is black on white. Without, terminals are mostly dark: there the ink is the light.
    private static char Dark => Paint.HasColor ? '█' : ' ';

    private static char Light => Paint.HasColor ? ' ' : '█';

    private static char DarkAbove => Paint.HasColor ? '▀' : '▄';

    private static char DarkBelow => Paint.HasColor ? '▄' : '▀';
}
