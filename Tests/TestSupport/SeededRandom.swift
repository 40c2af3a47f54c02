import Glibc

/// Random numbers that a seed repeats (SplitMix64), so that a failing test can be run again.
public struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  /// Up to so many bytes of any value.
  public mutating func bytes(upTo most: Int) -> [UInt8] {
    (0..<Int.random(in: 0...most, using: &self)).map { _ in
      UInt8(truncatingIfNeeded: next())
    }
  }
}

extension SeededRandom {
  /// As many seeds as a test has rounds, from `first` on: a round that fails says its seed, and
  /// `SEED=… swift test` begins with that.
  public static func seeds(_ rounds: Int) -> [UInt64] { (0..<rounds).map { first &+ UInt64($0) } }

  /// The seed of this run: SEED of the environment, or a fresh one. It is printed before any
  /// test has it, since a test that traps prints nothing.
  public static let first: UInt64 = {
    let given = getenv("SEED").flatMap { UInt64(String(cString: $0)) }
    let seed = given ?? UInt64.random(in: 0..<1_000_000_000)
    let line = "random cases of this run: SEED=\(seed)\n"
    write(STDERR_FILENO, line, line.utf8.count)
    return seed
  }()
}
