using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gim.Bench.Harness;

namespace Gim.Bench;

/// <summary>Training steps of models of several sizes beside the processor's peak, measured in turns in one process.</summary>
internal static class TrainingTable
{
    private const int Rounds = 7;

    private static readonly (int Columns, int Layers)[] Models = [(64, 2), (128, 3), (256, 3), (256, 4)];

    public static string Table()
    {
        Require.FullSpeed();
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"A step: gradient of {TrainingCase.Sequences} sequences of {TrainingCase.Length} tokens, its norm, AdamW over all parameters; GPT-2's vocabulary. Medians of {Rounds} turns. Of the peak:");
        text.AppendLine("floating-point operations of the products (forward, backward, retrieval likelihood) over the time of all, and the rate of multiply-adds in registers").AppendLine("of one core in the same turn, times the threads. Memory: the working set with this model alone, over that before.").AppendLine();
        text.AppendLine("| model | parameters | tokens/s, 1 thread | of the peak | tokens/s, 2 threads | of the peak | memory |").AppendLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach ((int columns, int layers) in Models)
        {
            long before = WorkingSet();
            using var one = new TrainingCase(columns, layers, 1);
            one.Step();
            long memory = WorkingSet() - before;
            using var two = new TrainingCase(columns, layers, 2);
            double[] first = new double[Rounds], second = new double[Rounds], firstShare = new double[Rounds], secondShare = new double[Rounds];
            for (int round = -1; round < Rounds; round++)
            {
                int at = Math.Max(round, 0);
                double peak = FuzzyHeadTable.Peak();
                first[at] = Milliseconds(one);
                second[at] = Milliseconds(two);
                firstShare[at] = one.Operations / first[at] / 1e6 / peak;
                secondShare[at] = two.Operations / second[at] / 1e6 / (2 * peak);
            }
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| d {columns}, {layers} layers | {one.Parameters:N0} | {TrainingCase.Tokens / Median(first) * 1e3:N0} | {Median(firstShare):N2} | {TrainingCase.Tokens / Median(second) * 1e3:N0} | {Median(secondShare):N2} | {memory / 1e6:N0} MB |");
        }
        return text.ToString();
    }

    private static double Milliseconds(TrainingCase model)
    {
        long started = Stopwatch.GetTimestamp();
        model.Step();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static long WorkingSet()
    {
        using Process self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
