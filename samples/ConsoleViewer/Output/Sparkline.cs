namespace ConsoleViewer.Output;

/// <summary>The last values as a row of bars.</summary>
internal sealed class Sparkline(int length)
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private readonly Queue<double> _values = new();

    public void Add(double value)
    {
        _values.Enqueue(value);
        if (_values.Count > length)
        {
            _values.Dequeue();
        }
    }

    public override string ToString()
    {
        var top = Math.Max(1, _values.DefaultIfEmpty().Max());
        return string.Concat(_values.Select(value => Bars[(int)Math.Round(value / top * (Bars.Length - 1))]));
    }
}
