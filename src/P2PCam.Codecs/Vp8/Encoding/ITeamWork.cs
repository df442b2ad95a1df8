namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Work that the members of a <see cref="WorkerTeam"/> share.</summary>
internal interface ITeamWork
{
    /// <summary>One member's part; called once for each member, on different threads at once.</summary>
    void Run(int member);

    /// <summary>A member failed: the others must not wait for it.</summary>
    void Abort();
}
