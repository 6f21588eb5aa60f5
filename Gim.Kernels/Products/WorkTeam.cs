namespace Gim.Kernels.Products;

/// <summary>
/// Runs numbered parts of one task on several threads of the pool and the caller's own. Nothing is allocated once a
/// thread has run its first task. The caller takes parts too and waits only for helpers that have begun: a pool whose
/// threads are all busy makes it slow, never stuck.
/// </summary>
internal sealed unsafe class WorkTeam : IThreadPoolWorkItem
{
    [ThreadStatic]
    private static WorkTeam? ofThisThread;

    private readonly Lock gate = new();
    private delegate*<void*, int, void> body;
    private void* state;
    private int parts, next, helpersWanted, helpersInside;
    private Exception? failure;

    /// <summary>Calls <paramref name="body"/> with <paramref name="state"/> and every number below <paramref name="parts"/>.</summary>
    public static void Run(delegate*<void*, int, void> body, void* state, int parts, int threads)
    {
        int helpers = Math.Min(threads, parts) - 1;
        if (helpers <= 0)
        {
            for (int part = 0; part < parts; part++)
                body(state, part);
            return;
        }
        (ofThisThread ??= new()).RunTogether(body, state, parts, helpers);
    }

    private void RunTogether(delegate*<void*, int, void> work, void* shared, int count, int helpers)
    {
        lock (gate)
        {
            body = work;
            state = shared;
            (parts, next, failure) = (count, 0, null);
            helpersWanted = helpers;
        }
        for (int i = 0; i < helpers; i++)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        TakeParts();
        // A helper called too late finds that none is wanted, or joins this thread's next task.
        lock (gate)
            helpersWanted = 0;
        var wait = new SpinWait();
        while (Volatile.Read(ref helpersInside) > 0)
            wait.SpinOnce(sleep1Threshold: -1);
        if (failure is { } thrown)
            throw new InvalidOperationException($"A part of the product failed: {thrown.Message}", thrown);
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (gate)
        {
            if (helpersWanted == 0)
                return;
            helpersWanted--;
            helpersInside++;
        }
        TakeParts();
        Interlocked.Decrement(ref helpersInside);
    }

    private void TakeParts()
    {
        try
        {
            for (int part; (part = Interlocked.Increment(ref next) - 1) < parts;)
                body(state, part);
        }
#pragma warning disable CA1031 // Whatever it is, the caller throws it: memory that is pinned must not be let go before.
        catch (Exception thrown)
        {
            failure = thrown;
        }
#pragma warning restore CA1031
    }
}
