using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Gim.Bench.Harness;
using Gim.Kernels.Devices;

namespace Gim.Bench;

/// <summary>
/// Every operation of every device here, beside what one core of this machine can do at most: multiply-adds in registers,
/// reading memory, copying memory. For each operation devices and limits take turns in one process.
/// </summary>
internal static unsafe class KernelTable
{
    private const int Rounds = 9;

    /// <summary>A turn repeats a call until it has taken so long: longer than a clock's tick, shorter than a disturbance.</summary>
    private const double MillisecondsPerTurn = 15;

    /// <summary>A device that takes longer for one call is measured once: OpenCL on a processor for large shapes.</summary>
    private const double SlowMilliseconds = 400;

    private const int LimitValues = 32 << 20;

    public static string Table()
    {
        Require.FullSpeed();
        List<(string Name, Device Device)> devices = [("cpu, 1 thread", DeviceCatalog.Open("cpu", 1)), ("cpu, 2 threads", DeviceCatalog.Open("cpu", 2))];
        foreach (DeviceDescription found in DeviceCatalog.List().Where(device => device.Usable && device.Kind is DeviceKind.Cuda or DeviceKind.OpenCl))
            devices.Add((found.IsProcessor ? $"{found.Choice} (a processor)" : found.Choice, DeviceCatalog.Open(found.Choice)));
        using var limits = new Limits();
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Medians of {Rounds} turns, in GFLOP/s, or GB/s of what must be read and written. Limit: what one core does in the same turns, multiply-adds in");
        text.AppendLine(CultureInfo.InvariantCulture, $"registers, reading {LimitValues * sizeof(float) >> 20} MB, or copying them; operands that fit the caches can pass the latter two. Of the limit: the cpu with one thread.");
        foreach ((string name, Device device) in devices)
            text.AppendLine(CultureInfo.InvariantCulture, $"{name}: {device.Description}.");
        text.AppendLine().Append("| operation | shape | unit | limit | of the limit |");
        foreach ((string name, _) in devices)
            text.Append(CultureInfo.InvariantCulture, $" {name} |");
        text.AppendLine().Append("|---|---|---|---:|---:|").Insert(text.Length, "---:|", devices.Count).AppendLine();
        foreach (KernelCase one in KernelCases.All)
        {
            double[][] rates = Measure(one, [.. devices.Select(each => each.Device)], limits);
            double limit = Median(rates[^1]), share = Median([.. rates[0].Zip(rates[^1], (rate, most) => rate / most)]);
            text.Append(CultureInfo.InvariantCulture, $"| {one.Operation} | {one.Shape} | {one.Unit} | {limit:N1} | {share:N2} |");
            foreach (double[] rate in rates[..^1])
                text.Append(CultureInfo.InvariantCulture, $" {Median(rate):N1} |");
            text.AppendLine();
            Console.WriteLine($"{one.Operation}, {one.Shape}: {string.Join(", ", rates.Select(rate => Median(rate).ToString("N1", CultureInfo.InvariantCulture)))} {one.Unit}");
        }
        devices.ForEach(each => each.Device.Dispose());
        return text.AppendLine().AppendLine(BlockTable()).ToString();
    }

    /// <summary>Rates of every device and then of the limit, in every round.</summary>
    private static double[][] Measure(KernelCase one, IReadOnlyList<Device> devices, Limits limits)
    {
        KernelOperands[] operands = [.. devices.Select(device => new KernelOperands(device))];
        Action[] calls = [.. devices.Zip(operands, one.Prepare)];
        double[][] rates = [.. Enumerable.Range(0, devices.Count + 1).Select(_ => new double[Rounds])];
        // The first call compiles kernels, the second shows how many make a turn.
        int[] repeats = [.. calls.Select((call, i) =>
        {
            Milliseconds(devices[i], call, 1);
            return (int)Math.Max(1, MillisecondsPerTurn / Milliseconds(devices[i], call, 1));
        })];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < calls.Length; i++)
            {
                if (round > 0 && one.Amount / rates[i][0] / 1e6 > SlowMilliseconds)
                    rates[i][round] = rates[i][0];
                else
                    rates[i][round] = one.Amount * repeats[i] / Milliseconds(devices[i], calls[i], repeats[i]) / 1e6;
            }
            rates[^1][round] = limits.Rate(one.Bound);
        }
        foreach (KernelOperands held in operands)
            held.Dispose();
        return rates;
    }

    private static double Milliseconds(Device device, Action call, int repeats)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
            call();
        device.Synchronize();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>A whole transformer block beside what its large products would take at the processor's peak.</summary>
    private static string BlockTable()
    {
        var text = new StringBuilder();
        text.AppendLine("Forward pass of a transformer block, cpu, one thread, ms: all of it; its layer norms, softmax and attention; its four large products; these at the");
        text.AppendLine("processor's peak, measured in the same turns.").AppendLine();
        text.AppendLine("| sequences x tokens, columns, band | block | norms and attention | share | products | products at peak | at peak / block |").AppendLine("|---|---:|---:|---:|---:|---:|---:|");
        AttentionShape[] shapes = [new(64, 64, 12, 64), new(64, 64, 12, 64) { Window = 32 }, new(4, 1024, 4, 64) { Window = 32 }, new(4, 1024, 4, 32) { Window = 32 }];
        using Device device = DeviceCatalog.Open("cpu", 1);
        using var limits = new Limits();
        foreach (AttentionShape shape in shapes)
        {
            using var block = new TransformerBlock(device, shape);
            double[] all = new double[Rounds], norms = new double[Rounds], products = new double[Rounds], ideal = new double[Rounds];
            block.Forward();
            for (int round = 0; round < Rounds; round++)
            {
                all[round] = Milliseconds(device, block.Forward, 1);
                norms[round] = Milliseconds(device, block.WithoutProducts, 1);
                products[round] = Milliseconds(device, block.ProductsOnly, 1);
                ideal[round] = block.ProductOperations / limits.Rate(Bound.Compute) / 1e6;
            }
            text.Append(CultureInfo.InvariantCulture, $"| {shape.Sequences} x {shape.Length}, {shape.Columns}, {(shape.Window == 0 ? "all" : shape.Window)} | {Median(all):N1} | {Median(norms):N1} |");
            text.Append(CultureInfo.InvariantCulture, $" {Median([.. norms.Zip(all, (a, b) => 100 * a / b)]):N1} % | {Median(products):N1} | {Median(ideal):N1} |");
            text.AppendLine(CultureInfo.InvariantCulture, $" {Median([.. ideal.Zip(all, (a, b) => a / b)]):N2} |");
        }
        return text.ToString();
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    /// <summary>What one core can do at most, measured anew at every call.</summary>
    private sealed class Limits : IDisposable
    {
        private readonly float* from = Allocate(), to = Allocate();

        private static float* Allocate()
        {
            var memory = (float*)NativeMemory.AlignedAlloc(LimitValues * sizeof(float), 64);
            new Span<float>(memory, LimitValues).Fill(1);
            return memory;
        }

        /// <summary>GFLOP/s or GB/s.</summary>
        public double Rate(Bound bound)
        {
            const int steps = 500_000;
            const double bytes = (double)LimitValues * sizeof(float);
            return bound switch
            {
                Bound.Compute => Best(Roofline.Operations(steps), () => Roofline.Compute(steps)),
                Bound.Read => Math.Max(Best(bytes, () => Roofline.Read(from, LimitValues)), Best(bytes, () => Roofline.ReadStreams(from, LimitValues))),
                _ => Math.Max(Best(2 * bytes, () => Roofline.Copy(from, to, LimitValues)), Best(2 * bytes, () => new Span<float>(from, LimitValues).CopyTo(new Span<float>(to, LimitValues)))),
            };
        }

        private static double Best(double amount, Action call)
        {
            long started = Stopwatch.GetTimestamp();
            call();
            return amount / Stopwatch.GetElapsedTime(started).TotalSeconds / 1e9;
        }

        public void Dispose()
        {
            NativeMemory.AlignedFree(from);
            NativeMemory.AlignedFree(to);
        }
    }
}
