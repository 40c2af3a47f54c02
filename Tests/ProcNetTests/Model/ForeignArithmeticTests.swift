import ProcNet
import Testing

@Suite struct ForeignArithmeticTests {
  @Test("what fits is exact, what does not stops at the nearest number")
  func saturating() {
    let unsigned: [(UInt64, UInt64)] = [
      (7 +| 8, 15), (.max +| 1, .max), (.max -| .max, 0), (7 -| 8, 0), (8 -| 7, 1), (3 *| 4, 12),
      (.max *| 2, .max), ((1 << 32) *| (1 << 32), .max),
      // As strong as the plain operators, from left to right.
      (2 +| 3 *| 4 -| 5, 9), (2 -| 3 +| 4, 4),
    ]
    for (result, right) in unsigned { #expect(result == right) }
    let signed: [(Int64, Int64)] = [
      (.max +| 1, .max), (.min +| -1, .min), (.min +| .max, -1), (.min -| 1, .min),
      (.max -| -1, .max), (0 -| .min, .max), (.min *| -1, .max), (.max *| -2, .min),
      (.min *| 2, .min), (.min *| 0, 0), (-3 *| 5, -15),
    ]
    for (result, right) in signed { #expect(result == right) }
  }

  @Test("what is shown is exact or not known")
  func checked() {
    #expect(UInt64(9).difference(from: 4) == 5 && UInt64(4).difference(from: 9) == nil)
    #expect(Int64(4).difference(from: 9) == -5 && Int64.max.difference(from: -1) == nil)
    #expect(UInt64(5).product(10) == 50 && (UInt64.max / 9).product(10) == nil)
    #expect([UInt64.max - 1, 1].checkedSum == .max && [UInt64.max, 1].checkedSum == nil)
    #expect([Int64]().checkedSum == 0 && [Int64.min, -1].checkedSum == nil)
  }

  @Test("percentages of the largest numbers are right")
  func percent() {
    #expect(1.percent(of: 3) == 33 && 4096.percent(of: 4096) == 100 && 5.percent(of: 0) == 0)
    #expect(Int64.max.percent(of: Int64.max) == 100)
    #expect(Int64.max.percent(of: 1) == 922_337_203_685_477_580_700)
    #expect(UInt64.max.percent(of: UInt64.max / 2) == 200)
    #expect(Int64.min.percent(of: 100) == Int128(Int64.min) && 7.percent(of: -1) == 0)
    #expect(UInt64.max.scaled(by: 10_000, over: UInt64.max) == 10_000)
  }
}
