using CodecComparison;

if (args.Contains("--help"))
{
    Console.WriteLine(ComparisonOptions.Help);
    return 0;
}

try
{
    var options = ComparisonOptions.Parse(args);
    var machine = Machine.Describe();
    var footage = new Footage(options);
    var results = new List<ClipResult>();
    Ours.WarmUp(footage.Make(ComparisonClip.All[0]), options);
    foreach (var clip in ComparisonClip.All.Where(options.Takes))
    {
        results.Add(Comparison.Run(clip, footage.Make(clip), options));
    }

    Report.Write(results, machine, options);
    return 0;
}
catch (Exception e) when (e is UsageException or InvalidOperationException)
{
    Console.Error.WriteLine($"CodecComparison: {e.Message}");
    return 2;
}
