using System.Runtime.CompilerServices;

// The tests run every kernel on every machine, not only the one that the machine would choose.
[assembly: InternalsVisibleTo("Gim.Tests")]
