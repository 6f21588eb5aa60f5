using Gim.Kernels.Devices;

namespace Gim.Tests.Kernels.Devices;

/// <summary>The suite's cases again, one thread against several: the results must be the same to the last bit.</summary>
public class CpuThreadsTests
{
    public static TheoryData<string> Checks => [.. OperationChecks.All.Keys];

    [Theory, MemberData(nameof(Checks))]
    public void No_result_depends_on_the_number_of_threads(string check)
    {
        using Device one = DeviceCatalog.Open("cpu", threads: 1), several = DeviceCatalog.Open("cpu", threads: 7);
        OperationChecks.All[check](new Comparison(one, several, exact: true));
    }
}
