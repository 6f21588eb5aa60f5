namespace Gim.Kernels.Devices;

/// <summary>
/// A device cannot be used. The message is one line for the user: what was asked, why it cannot be had, what there is.
/// </summary>
public class DeviceException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A device's memory does not suffice. The message says what was asked, what is free and what makes it smaller.</summary>
public sealed class DeviceMemoryException(string message, Exception? cause = null) : DeviceException(message, cause);

/// <summary>An operation was given sizes that are negative, too large, or do not fit its operands; or operands that overlap.</summary>
public sealed class ShapeException(string message) : ArgumentException(message);

/// <summary>An operation was given a hyper-parameter outside its range.</summary>
public sealed class HyperparameterException(string message) : ArgumentException(message);

/// <summary>An operation was given no buffer, a buffer of another device, or one that was disposed.</summary>
public sealed class BufferException(string message) : InvalidOperationException(message);
