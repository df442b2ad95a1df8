namespace P2PCam.AspNetCore.Security;

/// <summary>Counts the viewers of each stream. Streams without viewers are forgotten, so invented names do not pile up.</summary>
internal sealed class StreamPlaces(int mostPerStream)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _byStream = new(StringComparer.Ordinal);

    public IDisposable? TryEnter(string stream)
    {
        lock (_gate)
        {
            var count = _byStream.GetValueOrDefault(stream);
            if (count >= mostPerStream)
            {
                return null;
            }

            _byStream[stream] = count + 1;
            return new Place(this, stream);
        }
    }

    private void Leave(string stream)
    {
        lock (_gate)
        {
            if (--_byStream[stream] == 0)
            {
                _byStream.Remove(stream);
            }
        }
    }

    private sealed class Place(StreamPlaces owner, string stream) : IDisposable
    {
        private StreamPlaces? _owner = owner;

        public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Leave(stream);
    }
}
