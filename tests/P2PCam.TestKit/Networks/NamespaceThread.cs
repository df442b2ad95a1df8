using System.Runtime.InteropServices;

namespace P2PCam.TestKit.Networks;

/// <summary>Runs a few lines on a thread that has joined a network namespace: a socket belongs for life to the namespace of the thread that made it.</summary>
internal static partial class NamespaceThread
{
    private const int NewNetwork = 0x4000_0000; // CLONE_NEWNET

    public static T Run<T>(string name, Func<T> action)
    {
        var result = default(T);
        Exception? failure = null;
        // A thread of its own that ends afterwards: no pool thread may stay in the namespace.
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace(handle.DangerousGetHandle().ToInt32(), NewNetwork) != 0)
                {
                    throw new InvalidOperationException($"setns {name}: errno {Marshal.GetLastPInvokeError()}.");
                }

                result = action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new InvalidOperationException($"In namespace {name}: {failure.Message}", failure);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int fileDescriptor, int kind);
}
