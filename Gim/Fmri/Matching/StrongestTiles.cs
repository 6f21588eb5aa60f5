using Gim.Kernels.Devices;

namespace Gim.Fmri.Matching;

/// <summary>The largest weights of each row over successive tiles; of equal ones the earliest.</summary>
/// <param name="each">How many; 0 for none.</param>
internal sealed class StrongestTiles(Device device, int rows, int each)
{
    private readonly float[] values = new float[rows * each], found = new float[rows * each];
    private readonly int[] places = new int[rows * each], foundPlaces = new int[rows * each], counts = new int[rows];

    /// <param name="tile">[rows, width], the weights of the keys from <paramref name="first"/> on.</param>
    public void Add(DeviceView<float> tile, int width, int first)
    {
        if (each == 0) return;
        int k = Math.Min(each, width);
        using DeviceBuffer<float> tops = device.AllocateFloats(rows * k);
        using DeviceBuffer<int> indexes = device.AllocateInts(rows * k);
        device.TopK(tile, rows, width, k, tops, indexes);
        tops.Download(found.AsSpan(0, rows * k));
        indexes.Download(foundPlaces.AsSpan(0, rows * k));
        for (int row = 0; row < rows; row++)
        {
            for (int i = row * k; i < (row + 1) * k; i++)
            {
                // The tile's are sorted: once one is not good enough, none is.
                if (!Insert(row, found[i], first + foundPlaces[i])) break;
            }
        }
    }

    private bool Insert(int row, float value, int index)
    {
        int start = row * each, count = counts[row];
        if (count == each && !(value > values[start + each - 1])) return false;
        int place = start + (count < each ? counts[row]++ : each - 1);
        for (; place > start && value > values[place - 1]; place--)
            (values[place], places[place]) = (values[place - 1], places[place - 1]);
        (values[place], places[place]) = (value, index);
        return true;
    }

    /// <summary>Hands on what was found for a row, its weights divided by <paramref name="sum"/>.</summary>
    /// <param name="names">What the keys are called outside.</param>
    public void Take(int row, float sum, int[] names, int to, StrongestMatches strongest)
    {
        for (int i = 0; i < counts[row]; i++)
            strongest.Add(to, names[places[row * each + i]], values[row * each + i] / sum);
    }
}
