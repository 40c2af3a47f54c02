import CLinux
import Glibc

/// Reads an open folder with `getdents64`, many entries per call and without a `DIR`.
struct FolderReader {
  let directory: Int32
  let path: String

  /// One entry; valid only while it is visited.
  @safe struct Entry {
    let inode: UInt64
    /// `DT_DIR` is 4, `DT_LNK` 10.
    let kind: UInt8
    /// Ends with a zero byte.
    let name: UnsafePointer<CChar>

    var nameText: String { unsafe String(rawCString: name) }

    /// The name as a whole decimal number, as in `/proc/<pid>/fd`.
    var number: Int32? {
      var value: Int32 = 0
      var index = 0
      while case let digit = unsafe name[index], digit != 0 {
        guard digit >= 48, digit <= 57, value < 200_000_000 else { return nil }
        value = value * 10 + Int32(digit - 48)
        index += 1
      }
      return index > 0 ? value : nil
    }

    fileprivate var isSelfOrParent: Bool {
      unsafe name[0] == 46 && (name[1] == 0 || (name[1] == 46 && name[2] == 0))
    }
  }

  func forEach(_ visit: (Entry) -> Void) throws(KernelError) {
    let buffer = ByteBuffer(capacity: 32 * 1024)
    while true {
      let filled = try SystemCall.retrying("list", path) {
        unsafe getdents64(directory, buffer.memory.baseAddress, UInt(buffer.memory.count))
      }
      if filled == 0 { return }
      unsafe visitEntries(buffer.memory[..<filled], visit)
    }
  }

  /// `linux_dirent64`: inode u64, offset u64, record length u16, kind u8, name.
  private func visitEntries(
    _ records: Slice<UnsafeMutableRawBufferPointer>, _ visit: (Entry) -> Void
  ) {
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: records)
    var start = 0
    while start + 19 <= bytes.count, let base = bytes.baseAddress {
      let length = unsafe Int(bytes.loadUnaligned(fromByteOffset: start + 16, as: UInt16.self))
      guard length >= 20, start + length <= bytes.count else { return }
      let entry = unsafe Entry(
        inode: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self),
        kind: bytes[start + 18],
        name: (base + start + 19).assumingMemoryBound(to: CChar.self))
      if !entry.isSelfOrParent { visit(entry) }
      start += length
    }
  }
}
