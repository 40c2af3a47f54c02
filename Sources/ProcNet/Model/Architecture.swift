/// The processor family of a host, which decides how system calls are numbered.
public enum Architecture: String, Sendable, Hashable, CaseIterable {
  case x86 = "x86_64"
  /// Numbers calls as `asm-generic/unistd.h` does; riscv64 and loongarch64 do the same.
  case aarch64

  /// The one this program was built for; nil when we do not know its calls.
  public static var ours: Architecture? {
    #if arch(x86_64)
      .x86
    #elseif arch(arm64) || arch(riscv64)
      .aarch64
    #else
      nil
    #endif
  }

  /// What `uname -m` and `/proc/sys/kernel/arch` call it.
  public init?(machine: [UInt8]) {
    switch String(decoding: machine, as: UTF8.self) {
    case "x86_64": self = .x86
    case "aarch64", "riscv64", "loongarch64": self = .aarch64
    default: return nil
    }
  }

  /// Distributions end the kernel's release with it: `6.1.0-13-amd64`, `5.14.0-362.el9.aarch64`.
  public init?(kernelRelease: [UInt8]) {
    let parts = kernelRelease.split { $0 == 45 || $0 == 46 }
    switch parts.last.map({ String(decoding: $0, as: UTF8.self) }) {
    case "amd64", "x86_64": self = .x86
    case "arm64", "aarch64": self = .aarch64
    default: return nil
    }
  }
}
