using System.Diagnostics;
using System.Reflection;
using System.Runtime.Intrinsics;
using P2PCam.Codecs.Vp8;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>A test of what only optimized code does: skipped in debug builds and where vectors are not accelerated.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OptimizedFactAttribute : FactAttribute
{
    public OptimizedFactAttribute()
    {
        if (typeof(Vp8Encoder).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true)
        {
            Skip = "P2PCam.Codecs is built without optimization; run with -c Release.";
        }
        else if (!Vector128.IsHardwareAccelerated)
        {
            Skip = "Vector instructions are switched off.";
        }
    }
}
