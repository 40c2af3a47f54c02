import Testing

/// The real binary on real sockets. One test at a time: they compare moments.
@Suite("End to end", .serialized, .onOwnThread)
struct EndToEnd {}
