import Glibc
@testable import ProcNet

/// A recording from somebody else, as it came and with its checksums put right, since hardly any
/// change that is made up gets past those. Then the input as a block, and as what is in one.
func fuzz(_ input: Span<UInt8>) {
  var bytes = input.copied()
  open(bytes)
  rightChecksums(&bytes)
  open(bytes)
  _ = RecordingPacking.unpacked(input, count: input.count * 3 + 1)
  let packed = RecordingPacking.packed(input)
  let again = RecordingPacking.unpacked(packed.span, count: input.count)
  require(again == input.copied(), "a block does not come out as it went in")
  open(packedRecording(packed, count: input.count))
}

/// A packed recording of one block: frames in it have no checksums.
private func packedRecording(_ packed: [UInt8], count: Int) -> [UInt8] {
  var bytes = RecordingFormat.line(isPacked: true)
  var checksum = RecordingChecksum()
  checksum.add(packed.span)
  bytes.appendRecorded(UInt32(count))
  bytes.appendRecorded(UInt32(packed.count))
  bytes.appendRecorded(checksum.value)
  return bytes + packed
}

/// Opens a recording and asks it everything that the seeds have recorded.
private func open(_ bytes: [UInt8]) {
  let file = UnnamedFile.shared
  file.write(bytes)
  guard let first = try? RecordedKernel(path: file.path) else { return }
  ask(first)
  if let last = first.sample(first.samples - 1), first.samples > 1 { ask(last) }
  guard let diagnosis = first.repeatingDiagnosis() else { return }
  for _ in 0..<3 {
    ask(diagnosis)
    _ = diagnosis.steadyTime
    diagnosis.pause(milliseconds: 1)
  }
}

private func ask(_ kernel: RecordedKernel) {
  var gaps: [Gap] = []
  for details in [SocketQuery.Details.all, []] {
    let query = SocketQuery(netids: .all, details: details)
    try? DiagSource().list(query, through: kernel, gaps: &gaps) { _ throws(KernelError) in }
  }
  try? ProcSource().list(SocketQuery(netids: .all), through: kernel, gaps: &gaps) {
    _ throws(KernelError) in
  }
  _ = Interfaces(through: kernel, gaps: &gaps)
  _ = try? kernel.entries(of: "/proc/self/net/stat")
  _ = try? kernel.link(at: "/proc/self/ns/net")
  _ = try? kernel.identity(of: "/proc/net/tcp")
  _ = try? kernel.readMemory(ofProcess: 7, at: 0x1000, count: 16)
  _ = ProcessProbe(through: kernel).probe(7)
  _ = try? kernel.walkDescriptors(ofProcess: 8744) { _, _ in }
}

/// Gives every frame the checksum it should have, and the end the number of frames before it.
private func rightChecksums(_ bytes: inout [UInt8]) {
  guard var start = bytes.firstIndex(of: 10).map({ $0 + 1 }) else { return }
  var frames = 0
  while start + 9 <= bytes.count {
    let length = Int(bytes.span.number32(at: start))
    let end = start + 4 + length
    guard length >= 1, end + 4 <= bytes.count else { return }
    if bytes[start + 4] == RecordingFormat.Kind.end.rawValue, length == 9 {
      put(UInt64(frames), at: start + 5, in: &bytes)
    }
    var checksum = RecordingChecksum()
    checksum.add(bytes.span.extracting(start..<end))
    put(checksum.value, at: end, in: &bytes)
    start = end + 4
    frames += 1
  }
}

private func put(_ number: some FixedWidthInteger, at offset: Int, in bytes: inout [UInt8]) {
  withUnsafeBytes(of: number.littleEndian) {
    bytes.replaceSubrange(offset..<offset + $0.count, with: $0)
  }
}
