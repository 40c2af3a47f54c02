/// A kernel's version as `uname -r` has it, `6.12.38+deb13-amd64`, as far as it tells what the
/// kernel does: two numbers.
public struct KernelRelease: Sendable, Comparable {
  public var major: Int
  public var minor: Int

  public init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads `/proc/sys/kernel/osrelease`; nil when there is none, or it begins otherwise.
  public init?(through kernel: any Kernel) {
    guard let text = try? kernel.contents(of: "/proc/sys/kernel/osrelease", limit: 4096) else {
      return nil
    }
    self.init(text)
  }

  public init?(_ text: [UInt8]) {
    let numbers = text.split(separator: UInt8(ascii: "."), maxSplits: 2)
      .map { Int(String(decoding: $0.prefix { (48...57).contains($0) }, as: UTF8.self)) }
    guard numbers.count > 1, let major = numbers[0], let minor = numbers[1] else { return nil }
    self.init(major, minor)
  }

  public static func < (one: KernelRelease, other: KernelRelease) -> Bool {
    (one.major, one.minor) < (other.major, other.minor)
  }
}
