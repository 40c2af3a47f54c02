import Testing

// The real binary on real sockets. Within a lane one test runs at a time, since tests compare
// moments and measure times; the lanes run side by side, since much of it is waiting.

/// Listings, counters and everything else that looks at the host as it is.
@Suite("End to end", .serialized, .onOwnThread)
struct EndToEnd {}

/// Diagnoses: most wait two seconds between their samples.
@Suite("Diagnoses end to end", .serialized, .onOwnThread)
struct DiagnosesEndToEnd {}

/// Every scenario, as it stands and as it is diagnosed.
@Suite("Scenarios end to end", .serialized, .onOwnThread)
struct ScenariosEndToEnd {}

/// Demo servers, clients and tours as people run them, and strange places.
@Suite("Demos end to end", .serialized, .onOwnThread)
struct DemosEndToEnd {}
