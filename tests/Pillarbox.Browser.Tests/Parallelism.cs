// The browser is what takes the time, and one test keeps it busy.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
