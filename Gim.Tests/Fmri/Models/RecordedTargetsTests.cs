using Gim.Fmri;
using Gim.Fmri.Models;
using Gim.Fmri.Responses;
using Gim.Fmri.Ridge;
using Gim.Progress;
using Gim.Tests.Jobs;
using Gim.Tests.Fmri.Responses;

namespace Gim.Tests.Fmri.Models;

/// <summary>Responses in memory and responses that are read again for every block are the same.</summary>
public sealed class RecordedTargetsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private RecordedTargets Open(long memory, InvalidTargets invalid = InvalidTargets.Refuse, int components = 0)
    {
        SubjectResponses responses = Ds003020.Open(folder.Path).OpenResponses("S1", SilentLog.Instance);
        return RecordedTargets.Open(
            responses, [.. FmriFolder.Training], [.. FmriFolder.Test], new RecordingSettings { MemoryBytes = memory, Invalid = invalid, Components = components, ValueColumns = 4 }, 1,
            SilentLog.Instance, default);
    }

    private static Matrix All(ITargets targets)
    {
        var all = new Matrix(targets.Rows, targets.Count);
        // In blocks of two, as regression might.
        for (int first = 0; first < targets.Count; first += 2)
        {
            var block = new Matrix(targets.Rows, Math.Min(2, targets.Count - first));
            targets.Read(first, block);
            for (int row = 0; row < targets.Rows; row++)
                block.Row(row).CopyTo(all.Row(row)[first..]);
        }
        return all;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Blocks_from_files_are_those_from_memory(bool excluding)
    {
        FmriFolder.Write(folder.Path);
        if (excluding)
        {
            Matrix values = FmriFolder.Normal(FmriFolder.Kept, FmriFolder.Targets, 5);
            values[3, 1] = float.NaN;
            values[9, 4] = float.NegativeInfinity;
            TestResponses.WriteHdf<float>(FmriFolder.Response(folder.Path, "S1", "b"), values, "contiguous", []);
        }
        InvalidTargets invalid = excluding ? InvalidTargets.Exclude : InvalidTargets.Refuse;
        RecordedTargets inMemory = Open(1 << 30, invalid), streamed = Open(1000, invalid);
        Assert.IsType<MatrixTargets>(inMemory.Training);
        Assert.IsType<ResponseTargets>(streamed.Training);
        Assert.Equal(excluding ? [0, 2, 3, 5] : [0, 1, 2, 3, 4, 5], streamed.Numbers);
        Assert.Equal(inMemory.Numbers, streamed.Numbers);
        Assert.Equal(All(inMemory.Training).Values, All(streamed.Training).Values);
        Assert.Equal(All(inMemory.Test).Values, All(streamed.Test).Values);
        Assert.Equal(6 * FmriFolder.Kept, streamed.Training.Rows);
        Assert.Equal(inMemory.Values(default).Values, streamed.Values(default).Values);
        Assert.Equal((8 * FmriFolder.Kept, 4), (streamed.Values(default).Rows, streamed.Values(default).Columns));
        Assert.Null(streamed.ReadTrials(0, 2));
    }

    [Fact]
    public void Components_take_part_only_of_what_is_finite_in_all_stories()
    {
        FmriFolder.Write(folder.Path);
        Matrix values = FmriFolder.Normal(FmriFolder.Kept, FmriFolder.Targets, 5);
        values[3, 1] = float.NaN;
        // A test story.
        TestResponses.WriteHdf<float>(FmriFolder.Response(folder.Path, "S1", "z"), values, "contiguous", []);
        RecordedTargets some = Open(1 << 30, InvalidTargets.Exclude, components: 3);
        Assert.True(some.AreComponents);
        Assert.Equal([0, 1, 2], some.Numbers);
        // What is left out has no part in them: other numbers there change nothing.
        Matrix other = FmriFolder.Normal(FmriFolder.Kept, FmriFolder.Targets, 6), changed = FmriFolder.Normal(FmriFolder.Kept, FmriFolder.Targets, 6);
        for (int row = 0; row < changed.Rows; row++)
            changed[row, 1] = 100 + row;
        TestResponses.WriteHdf<float>(FmriFolder.Response(folder.Path, "S1", "a"), other, "contiguous", []);
        Matrix before = All(Open(1 << 30, InvalidTargets.Exclude, components: 3).Training);
        TestResponses.WriteHdf<float>(FmriFolder.Response(folder.Path, "S1", "a"), changed, "contiguous", []);
        Assert.Equal(before.Values, All(Open(1 << 30, InvalidTargets.Exclude, components: 3).Training).Values);
        Assert.Contains("components of 6 targets take", Assert.Throws<InputException>(() => Open(100, InvalidTargets.Exclude, components: 3)).Message, StringComparison.Ordinal);
    }
}
