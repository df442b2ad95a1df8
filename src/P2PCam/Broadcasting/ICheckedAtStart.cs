namespace P2PCam.Broadcasting;

/// <summary>A source that can tell before it is opened that it will never work as this machine and its options are.</summary>
internal interface ICheckedAtStart
{
    /// <exception cref="VideoSourceException">Something has to be installed or corrected first.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
