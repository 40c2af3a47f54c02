// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every target, so that no room is built more loosely than another.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

/// The test targets drive C interfaces on purpose and read poorly with `unsafe` on every line.
let tests: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

/// The commit and its day, for `--version`: scripts/package sets it, an ordinary build says nothing.
/// One small C target has it, so that another commit does not compile every room again.
let commit = Context.environment["SOCKINSPECT_COMMIT"] ?? ""
let ofCommit: [CSetting] =
  commit.isEmpty
  ? []
  : [.define("SOCKINSPECT_COMMIT", to: "\"\(commit)\"", .when(configuration: .release))]

let package = Package(
  name: "sockinspect",
  products: [
    .executable(name: "sockinspect", targets: ["sockinspect"]),
    .library(name: "ProcNet", targets: ["ProcNet"]),
  ],
  targets: [
    .systemLibrary(name: "CLinux"),
    .target(name: "CStart", cSettings: ofCommit),
    .target(name: "ProcNet", dependencies: ["CLinux"], swiftSettings: strict),
    .target(name: "Diagnosis", dependencies: ["ProcNet"], swiftSettings: strict),
    .target(name: "DemoServers", dependencies: ["CLinux"], swiftSettings: strict),
    .executableTarget(
      name: "sockinspect",
      dependencies: ["CStart", "ProcNet", "Diagnosis", "DemoServers"],
      swiftSettings: strict,
      // A release binary carries its own runtime: it starts in 2 ms and runs where no Swift is.
      linkerSettings: [
        .unsafeFlags(
          ["-static-executable", "-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "-s"],
          .when(configuration: .release))
      ]
    ),
    .target(name: "LayoutOracle", path: "Tests/LayoutOracle"),
    .target(
      name: "TestSupport", dependencies: ["ProcNet"], path: "Tests/TestSupport",
      swiftSettings: tests),
    .testTarget(
      name: "ProcNetTests",
      dependencies: ["CLinux", "ProcNet", "TestSupport", "LayoutOracle", "sleepers"],
      swiftSettings: tests),
    .testTarget(
      name: "DiagnosisTests", dependencies: ["Diagnosis", "ProcNet", "TestSupport"],
      swiftSettings: tests),
    .testTarget(
      name: "DemoServersTests", dependencies: ["CLinux", "DemoServers", "TestSupport"],
      swiftSettings: tests),
    .testTarget(
      name: "sockinspectTests", dependencies: ["sockinspect", "TestSupport"], swiftSettings: tests),
    // One thread asleep in each system call that the probe tells apart.
    .executableTarget(
      name: "sleepers", path: "Tests/Sleepers", linkerSettings: [.linkedLibrary("pthread")]),
    // Makes one socket of every kind for the end-to-end tests; no product, nobody installs it.
    .executableTarget(name: "zoo", path: "Tests/Zoo"),
    .testTarget(
      name: "EndToEndTests", dependencies: ["CLinux", "sockinspect", "zoo"], swiftSettings: tests),
  ],
  swiftLanguageModes: [.v6]
)
