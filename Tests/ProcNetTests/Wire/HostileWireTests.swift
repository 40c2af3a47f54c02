import TestSupport
import Testing

@testable import ProcNet

/// Nothing that arrives makes a decoder trap, read behind the end, or tell what was not there.
@Suite("Damaged answers") struct HostileWireTests {
  @Test(
    "every prefix of every message is decoded as far as it goes", arguments: RecordedAnswer.all
  )
  func prefixes(answer: RecordedAnswer) throws {
    for payload in try answer.payloads {
      let whole = try #require(answer.decode(payload))
      for count in 0...payload.count {
        let socket = answer.decode(Array(payload.prefix(count)))
        #expect((socket != nil) == (count >= answer.shortest))
        guard let socket else { continue }
        #expect(socket.inode == whole.inode)
        #expect(socket.cookie == whole.cookie)
        expectNothingNew(socket.details, whole.details)
      }
    }
  }

  /// A cut message knows less, never something else.
  private func expectNothingNew(_ cut: SocketDetails?, _ whole: SocketDetails?) {
    #expect(cut?.memory == nil || cut?.memory == whole?.memory)
    #expect(cut?.tcp == nil || cut?.tcp == whole?.tcp)
    #expect(cut?.mark == nil || cut?.mark == whole?.mark)
    #expect(cut?.cgroupID == nil || cut?.cgroupID == whole?.cgroupID)
    #expect(cut?.upperLayerName == nil || cut?.upperLayerName == whole?.upperLayerName)
    #expect(cut?.congestionInfo == nil || cut?.congestionInfo == whole?.congestionInfo)
    #expect(cut?.waiting == nil || cut?.waiting == whole?.waiting)
  }

  @Test(
    "any bytes changed: details never decide whether a row is there, and fields stay readable",
    arguments: SeededRandom.seeds(20))
  func mutations(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for answer in RecordedAnswer.all {
      for payload in try answer.payloads {
        for _ in 0..<10 {
          let damaged = Self.damage(payload, &random)
          let full = answer.decode(damaged)
          let bare = answer.decode(damaged, details: [])
          #expect((full == nil) == (bare == nil), "SEED=\(seed) \(answer) \(damaged)")
          #expect(full?.cookie == bare?.cookie, "SEED=\(seed) \(answer) \(damaged)")
          for field in TCPInfoField.all { _ = full?.details?.tcp?[field] }
        }
      }
    }
  }

  /// Some bytes replaced, preferably by those that make lengths go wrong, and sometimes a cut.
  private static func damage(_ payload: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = payload
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let value: UInt8 = [0, 1, 3, 4, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
      bytes[place] = Bool.random(using: &random) ? value : UInt8(truncatingIfNeeded: random.next())
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
      bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
    }
    return bytes
  }

  @Test("noise of any length", arguments: SeededRandom.seeds(20))
  func noise(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<500 {
      var bytes = random.bytes(upTo: 200)
      if !bytes.isEmpty { bytes[0] = [1, 2, 10, 17].randomElement(using: &random) ?? 2 }
      for answer in RecordedAnswer.ofOne {
        let socket = answer.decode(bytes)
        #expect(socket == nil || bytes.count >= 16, "SEED=\(seed)")
      }
    }
  }
}
