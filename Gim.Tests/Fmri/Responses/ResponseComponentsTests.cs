using Gim.Fmri;
using Gim.Fmri.Responses;
using Gim.Fmri.Stimulus;
using Gim.Progress;

namespace Gim.Tests.Fmri.Responses;

public sealed class ResponseComponentsTests : IDisposable
{
    private const int Targets = 60;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Responses that six patterns of falling size make up, with little noise and a mean far from 0.</summary>
    private SubjectResponses Write(params (int Story, int Row, int Target, float Value)[] odd)
    {
        Matrix patterns = RandomRows.Of(6, Targets, 7);
        string[] stories = ["a", "b", "c", "t"];
        for (int s = 0; s < stories.Length; s++)
        {
            int rows = 40 + s;
            Matrix weights = RandomRows.Of(rows, 6, s), matrix = RandomRows.Of(rows, Targets, 100 + s);
            for (int i = 0; i < rows; i++)
            {
                for (int c = 0; c < Targets; c++)
                    matrix[i, c] = 50 + matrix[i, c] / 100 + Enumerable.Range(0, 6).Sum(k => (weights[i, k] - 1) * patterns[k, c] * (8 - k));
            }
            foreach (var (_, row, target, value) in odd.Where(place => place.Story == s))
                matrix[row, target] = value;
            TestResponses.WriteHdf<float>(folder[stories[s] + ".hf5"], matrix, "contiguous", []);
        }
        return SubjectResponses.Open("S", folder.Path, new StorySplit(["a", "b", "c"], ["t"]), story => (40 + Array.IndexOf(stories, story), "test"), SilentLog.Instance);
    }

    [Fact]
    public void Both_ways_find_the_components_of_the_centred_training_responses()
    {
        SubjectResponses responses = Write();
        ResponseBlock all = responses.Read(["a", "b", "c", "t"], 0, Targets, InvalidTargets.Refuse, SilentLog.Instance);
        int training = all.Stories[2].End;
        var centred = new Matrix(all.Values.Rows, Targets);
        for (int c = 0; c < Targets; c++)
        {
            double mean = Enumerable.Range(0, training).Average(i => (double)all.Values[i, c]);
            for (int i = 0; i < centred.Rows; i++)
                centred[i, c] = (float)(all.Values[i, c] - mean);
        }
        var gram = new Gram(Targets, 1);
        gram.Add(new Matrix(training, Targets, centred.Values[..(training * Targets)]));
        Matrix expected = Projection.Of(centred, gram.Largest(5).Directions, 1);
        foreach (int mostProducts in new[] { Targets, Targets - 1 })
        {
            ResponseBlock components = Fit(responses, mostProducts, 1).Of(["a", "b", "c", "t"]);
            Assert.Equal(all.Stories, components.Stories);
            Assert.Equal([0, 1, 2, 3, 4], components.Targets);
            for (int k = 0; k < 5; k++)
            {
                // The sign of a direction is arbitrary, and the two ways round differently.
                double sign = Math.Sign(Enumerable.Range(0, training).Sum(i => (double)expected[i, k] * components.Values[i, k]));
                for (int i = 0; i < centred.Rows; i++)
                    Assert.Equal(expected[i, k], sign * components.Values[i, k], 0.02);
            }
            Assert.Equal(components.Values.Values, Fit(responses, mostProducts, 3).Of(["a", "b", "c", "t"]).Values.Values);
        }
    }

    [Fact]
    public void Fewer_components_are_given_where_there_are_not_so_many()
    {
        SubjectResponses responses = Write();
        // 123 training rows of 60 targets.
        Assert.Equal(Targets, Fit(responses, Targets, 1, 100).Count);
        Assert.InRange(Fit(responses, 0, 1, 100).Count, 6, Targets);
    }

    [Theory]
    [InlineData(Targets)]
    [InlineData(0)]
    public void Targets_that_are_not_finite_are_refused_or_have_no_part(int mostProducts)
    {
        SubjectResponses responses = Write((1, 3, 20, float.NaN), (3, 4, 30, float.PositiveInfinity));
        Assert.StartsWith("S, story 'b': target 20 is NaN in TR 3", Errors.Of(() => Fit(responses, mostProducts, 1)), StringComparison.Ordinal);
        ResponseComponents components = ResponseComponents.Fit(
            responses, ["a", "b", "c"], [], 5, InvalidTargets.Exclude, 1, SilentLog.Instance, mostProducts, default);
        Assert.All(components.Of(["a", "b", "c", "t"]).Values.Values, value => Assert.True(float.IsFinite(value)));
    }

    private static ResponseComponents Fit(SubjectResponses responses, int mostProducts, int threads, int count = 5)
        => ResponseComponents.Fit(responses, ["a", "b", "c"], [], count, InvalidTargets.Refuse, threads, SilentLog.Instance, mostProducts, default);
}
