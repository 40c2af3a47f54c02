import Testing

/// Demo servers, clients and scenarios as people run them. One test at a time, since they measure
/// times; beside the listings, since they hardly use the processor.
@Suite("Demos end to end", .serialized, .onOwnThread)
struct DemosEndToEnd {}
