using Microsoft.AspNetCore.Routing.Patterns;

namespace P2PCam.AspNetCore.Routing;

/// <summary>Whether another route answers to the very addresses of one of ours, so that routing could not tell them apart, or would choose ours over the program's own.</summary>
internal static class RouteShape
{
    /// <summary>Catch-all routes do not count: what is more exact comes before them anyway.</summary>
    public static bool IsTakenBy(RoutePattern ours, RoutePattern other)
    {
        var (mine, theirs) = (ours.PathSegments, other.PathSegments);
        return mine.Count <= theirs.Count
            && !mine.Where((segment, i) => !IsSame(segment, theirs[i], other)).Any()
            && theirs.Skip(mine.Count).All(segment => CanBeLeftOut(segment, other));
    }

    private static bool IsSame(RoutePatternPathSegment mine, RoutePatternPathSegment theirs, RoutePattern other) => (mine.Parts, theirs.Parts) switch
    {
        ([RoutePatternLiteralPart a], [RoutePatternLiteralPart b]) => Equal(a.Content, b.Content),
        ([RoutePatternParameterPart], [RoutePatternParameterPart b]) => !b.IsCatchAll,

        // A controller's or page's name in a conventional route.
        ([RoutePatternLiteralPart a], [RoutePatternParameterPart b]) => other.RequiredValues.TryGetValue(b.Name, out var value) && Equal(a.Content, value as string),
        _ => false,
    };

    private static bool CanBeLeftOut(RoutePatternPathSegment segment, RoutePattern pattern)
    {
        if (segment.Parts is not [RoutePatternParameterPart { IsCatchAll: false } parameter])
        {
            return false;
        }

        var isDefault = pattern.Defaults.TryGetValue(parameter.Name, out var usual);
        return pattern.RequiredValues.TryGetValue(parameter.Name, out var required) && required is string { Length: > 0 } name
            ? isDefault && Equal(name, usual as string)
            : isDefault || parameter.IsOptional;
    }

    private static bool Equal(string a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
