using Gim.Fmri.Responses;
using Gim.Fmri.Ridge;

namespace Gim.Fmri.Models;

/// <summary>Responses to some stories, one after another, read from their files whenever regression asks for a block of targets.</summary>
/// <param name="responses">A subject's responses.</param>
/// <param name="stories">In the order of the rows.</param>
/// <param name="numbers">The targets, ascending, by their number in the files.</param>
internal sealed class ResponseTargets(SubjectResponses responses, IReadOnlyList<string> stories, int[] numbers) : ITargets
{
    public int Rows { get; } = responses.Rows(stories);

    public int Count => numbers.Length;

    public void Read(int first, Matrix block)
    {
        if (block.Columns == 0) return;
        // What lies between two targets is read along: files are read by ranges.
        int from = numbers[first], width = numbers[first + block.Columns - 1] - from + 1, start = 0;
        foreach (string story in stories)
        {
            var rows = new Matrix(responses.Rows(story), width);
            responses.ReadStory(story, from, width, rows.Values);
            for (int row = 0; row < rows.Rows; row++)
            {
                for (int i = 0; i < block.Columns; i++)
                    block[start + row, i] = rows[row, numbers[first + i] - from];
            }
            start += rows.Rows;
        }
    }
}
