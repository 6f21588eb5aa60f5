using Gim.Fmri;
using Gim.Fmri.Features;
using Gim.Fmri.Matching;
using Gim.Fmri.Scores;

namespace Gim.Tests.Fmri;

/// <summary>Real recordings score what another implementation scored on them.</summary>
public class ReferenceNumbersTests
{
    [SharedDataTheory]
    [InlineData("UTS01", 0.1003, 0.246, 0.1281, 0.1910, 0.2877, 0.1035, 0.0995, 0.0992, 0.0994)]
    [InlineData("UTS03", 0.1861, 0.351, 0.2175, 0.2777, 0.4603, 0.1855, 0.1868, 0.1853, 0.1834)]
    public void Labels_and_matches_score_what_they_did_elsewhere(
        string subject, double labels, double labelsTop10, double position, double past, double nearest1, double nearest5, double contrast, double wrongText,
        double crossStory)
    {
        using var recording = new Recording(Ds003020.Open(SharedData.Path("ds003020-pc")), subject, story => [LabelFeatures.Like(story)]);
        ScoreSummary own = recording.Score();
        Assert.Equal(labels, own.Mean, 0.002);
        Assert.Equal(labelsTop10, own.MeanTop10, 0.002);
        Assert.Equal(position, recording.Score(Controls.Position(recording.Values.Rows, recording.Stories)).Mean, 0.002);
        Assert.Equal(past, recording.Score(recording.Standardized(Controls.Autoregressive(recording.Values, recording.Stories, 5), 1)).Mean, 0.002);
        Matrix keys = recording.Keys();
        Assert.Equal(nearest1, recording.Score(recording.Nearest(keys, 1)).Mean, 0.004);
        Assert.Equal(nearest5, recording.Score(recording.Nearest(keys, 5)).Mean, 0.004);
        Assert.Equal(contrast, recording.Score(recording.Contrast(keys)).Mean, 0.003);
        Assert.Equal(wrongText, recording.Score(recording.Contrast(Controls.OtherStories(keys, recording.Stories, 1))).Mean, 0.003);
        Assert.Equal(crossStory, recording.Score(recording.CrossStory(keys)).Mean, 0.003);
    }
}
