import Foundation
import TestSupport
import Testing

@testable import ProcNet

@Suite("Text in the making") struct ByteWriterTests {
  @Test(
    "any mixture of appends gives the bytes that an array would hold",
    arguments: SeededRandom.seeds(20)
  )
  func likeArray(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var writer = ByteWriter(capacity: 0)
    var array: [UInt8] = []
    for step in 0..<400 {
      Self.change(&writer, &array, &random)
      let written = writer.span.copied()
      #expect(written == array, "SEED=\(seed), step \(step)")
      #expect(writer.count == array.count)
      if written != array { return }
    }
  }

  /// One random operation on both.
  private static func change(
    _ writer: inout ByteWriter, _ array: inout [UInt8], _ random: inout SeededRandom
  ) {
    switch Int.random(in: 0..<14, using: &random) {
    case 0:
      let byte = UInt8(truncatingIfNeeded: random.next())
      writer.append(byte)
      array.append(byte)
    case 1:
      writer.append("users:((" as StaticString)
      array += Array("users:((".utf8)
    case 2:
      let text = String(repeating: "é", count: Int.random(in: 0...50, using: &random))
      writer.append(text)
      array += Array(text.utf8)
    case 3, 4:
      let bytes = random.bytes(upTo: 300)
      writer.append(bytes)
      array += bytes
    case 5:
      let bytes = random.bytes(upTo: 300)
      writer.append(bytes.span)
      array += bytes
    case 6:
      let times = Int.random(in: -1...200, using: &random)
      writer.append(UInt8(ascii: " "), times: times)
      array += [UInt8](repeating: UInt8(ascii: " "), count: max(times, 0))
    case 7, 8, 9: appendNumber(&writer, &array, &random)
    case 10:
      writer.dropTrailing(UInt8(ascii: " "))
      while array.last == UInt8(ascii: " ") { array.removeLast() }
    case 11:
      let place = Int.random(in: -2...array.count + 2, using: &random)
      writer.truncate(to: place)
      if place >= 0, place < array.count { array.removeSubrange(place...) }
    case 12 where Int.random(in: 0..<10, using: &random) == 0:
      writer.clear()
      array = []
    default: break
    }
  }

  private static func appendNumber(
    _ writer: inout ByteWriter, _ array: inout [UInt8], _ random: inout SeededRandom
  ) {
    let number = random.next() >> UInt64.random(in: 0...63, using: &random)
    let signed = Int(truncatingIfNeeded: random.next()) >> Int.random(in: 0...63, using: &random)
    let width = Int.random(in: -1...20, using: &random)
    writer.append(decimal: number)
    writer.append(decimal: UInt32(truncatingIfNeeded: number))
    writer.append(decimal: signed)
    writer.append(hexadecimal: number)
    writer.append(hexadecimal: number, width: width)
    let hexadecimal = String(number, radix: 16)
    let zeros = String(repeating: "0", count: max(width - hexadecimal.count, 0))
    array += Array("\(number)\(UInt32(truncatingIfNeeded: number))\(signed)".utf8)
    array += Array((hexadecimal + zeros + hexadecimal).utf8)
  }

  /// What one append gives.
  private func text(_ append: (inout ByteWriter) -> Void) -> String {
    var writer = ByteWriter(capacity: 0)
    append(&writer)
    return String(decoding: writer.span.copied(), as: UTF8.self)
  }

  @Test("numbers at every power of ten and of two, and beside it")
  func edges() {
    var numbers: Set<UInt64> = [0, .max]
    for power in sequence(first: UInt64(1), next: { $0 > .max / 10 ? nil : $0 * 10 }) {
      numbers.formUnion([power - 1, power, power + 1])
    }
    for bit in 0..<UInt64(64) { numbers.formUnion([1 << bit, (1 << bit) - 1, (1 << bit) &+ 1]) }
    for number in numbers {
      #expect(text { $0.append(decimal: number) } == String(number))
      #expect(text { $0.append(hexadecimal: number) } == String(number, radix: 16))
      let half = UInt32(truncatingIfNeeded: number)
      #expect(text { $0.append(decimal: half) } == String(half))
      let signed = Int(truncatingIfNeeded: number)
      #expect(text { $0.append(decimal: signed) } == String(signed))
    }
  }

  @Test("a width adds zeros and never takes digits away")
  func width() {
    #expect(text { $0.append(hexadecimal: 0xAB, width: 4) } == "00ab")
    #expect(text { $0.append(hexadecimal: 0xABCDE, width: 4) } == "abcde")
    #expect(text { $0.append(hexadecimal: 0, width: 0) } == "0")
    #expect(text { $0.append(hexadecimal: 1, width: 18) } == "000000000000000001")
  }

  @Test("what was appended stays when the buffer grows, at any size of the buffer")
  func growth() {
    for capacity in [0, 64, 65, 1000] {
      var writer = ByteWriter(capacity: capacity)
      var expected: [UInt8] = []
      for index in 0..<3000 {
        writer.append(UInt8(truncatingIfNeeded: index))
        expected.append(UInt8(truncatingIfNeeded: index))
      }
      writer.append([UInt8](repeating: 7, count: 100_000))
      expected += [UInt8](repeating: 7, count: 100_000)
      let written = writer.span.copied()
      #expect(written == expected)
    }
  }

  @Test("dropping at the end stops at the first other byte, and at the beginning")
  func dropTrailing() {
    #expect(
      text {
        $0.append("a  b  " as StaticString)
        $0.dropTrailing(UInt8(ascii: " "))
      } == "a  b")
    #expect(
      text {
        $0.append("   " as StaticString)
        $0.dropTrailing(UInt8(ascii: " "))
      } == "")
  }
}
