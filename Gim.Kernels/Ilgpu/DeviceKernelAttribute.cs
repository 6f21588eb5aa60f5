namespace Gim.Kernels.Ilgpu;

/// <summary>
/// Marks a kernel, so that tests can compile all of them for GPUs that are not there. What a kernel must keep to, so that
/// one source runs on CUDA, OpenCL and the simulator: shared memory allocated statically and inside the method that uses
/// it, reductions by hand, no warp or group extensions, no half precision, no atomics except on global memory, at most
/// <see cref="KernelGroups.ElementThreads"/> threads a group, and no place outside the views is read or written whatever
/// the sizes. In an explicitly grouped kernel, every thread of a group must reach every barrier. A condition is an if, or
/// picks floats: <c>x - (a == b ? 1 : 0)</c>, with whole numbers, came out as x on OpenCL (ILGPU 1.5.3, PoCL 3.1).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DeviceKernelAttribute : Attribute;
