import Glibc
import TestSupport
import Testing

@testable import ProcNet

@Suite struct OwnerIndexTests {
  private func build(
    _ tables: OwnersKernel.Tables, wanted: OwnerIndex.InodeSet? = nil
  ) -> (OwnerIndex, [Gap]) {
    var gaps: [Gap] = []
    return (OwnerIndex.build(through: OwnersKernel(tables), wanted: wanted, gaps: &gaps), gaps)
  }

  private var prefork: OwnersKernel.Tables {
    var tables = OwnersKernel.Tables()
    tables.addProcess(1, "init")
    tables.addProcess(70, "master", [(0, "/dev/null"), (3, "socket:[500]"), (4, "socket:[501]")])
    tables.addProcess(71, "worker", [(3, "socket:[500]"), (5, "pipe:[500]")])
    tables.addProcess(72, "worker", [(3, "socket:[500]"), (9, "socket:[500]")])
    return tables
  }

  @Test func `all holders are told, the last found first`() {
    let (index, gaps) = build(prefork)
    let holders = index.owners(of: 500).map { "\($0.process)/\($0.descriptor)" }
    #expect(holders == ["72/9", "72/3", "71/3", "70/3"])
    #expect(
      index.owners(of: 501) == [
        Owner(process: 70, descriptor: 4, command: Array("master".utf8))
      ])
    #expect(index.owners(of: 502).isEmpty)
    #expect(gaps.isEmpty)
  }

  @Test func `a socket without an inode belongs to nobody, whatever a link says`() {
    var tables = prefork
    tables.addProcess(80, "odd", [(3, "socket:[0]")])
    #expect(build(tables).0.owners(of: 0).isEmpty)
  }

  @Test func `the order does not depend on how the processes are listed`() {
    var tables = prefork
    tables.folders["/proc"]?.reverse()
    #expect(build(tables).0.owners(of: 500).map(\.process) == [72, 72, 71, 70])
  }

  @Test func `only wanted sockets are kept`() {
    let (index, _) = build(prefork, wanted: .init([501]))
    #expect(index.count == 1)
    #expect(index.owners(of: 500).isEmpty)
    #expect(index.owners(of: 501).map(\.process) == [70])
    #expect(index.processes.map(\.process) == [70])
  }

  @Test func `nothing is read when nothing is wanted`() {
    let kernel = OwnersKernel(prefork)
    var gaps: [Gap] = []
    #expect(OwnerIndex.build(through: kernel, wanted: .init(), gaps: &gaps).count == 0)
    #expect(kernel.askedPaths.isEmpty)
  }

  @Test func `a name may be anything and is passed on raw`() {
    var tables = prefork
    tables.addProcess(90, "a) b\n(c\u{1b}[31m\n", [(3, "socket:[7]")])
    let (index, _) = build(tables)
    #expect(OwnersKernel.text(index.owners(of: 7).first?.command) == "a) b\n(c\u{1b}[31m\n")
    #expect(OwnersKernel.text(index.command(of: 90)) == "a) b\n(c\u{1b}[31m\n")
    #expect(OwnersKernel.text(index.command(of: 70)) == "master")
    #expect(index.command(of: 1) == nil)
    #expect(index.command(of: 89) == nil)
    #expect(index.command(of: 91) == nil)
  }

  private func inode(_ link: String) -> UInt32? {
    let bytes = Array(link.utf8)
    return DescriptorTarget.socketInode(bytes.span)
  }

  @Test(arguments: [
    "socket:[", "socket:[]", "socket:[12", "socket:[12]x", "socket:[1a]", "socket:[-1]",
    "socket:[4294967296]", "socket:[99999999999999999999]", "socket:12", "/socket:[12]", "",
  ])
  func `what is not exactly a socket link is none`(link: String) {
    #expect(inode(link) == nil)
  }

  @Test func `inodes use all 32 bits`() {
    #expect(inode("socket:[4294967295]") == 4_294_967_295)
    #expect(inode("socket:[7]") == 7)
  }

  @Test func `100,000 descriptors of 200 processes are all found, by many threads`() {
    var tables = OwnersKernel.Tables()
    for process in Int32(1)...200 {
      tables.addProcess(
        process, "p\(process)",
        (0..<500).map {
          ($0, "socket:[\(Int(process) * 500 + Int($0))]")
        })
    }
    let (index, gaps) = build(tables)
    #expect(index.count == 100_000)
    #expect(gaps.isEmpty)
    let wrong = (UInt32(500)..<100_500).filter { inode in
      let owners = index.owners(of: inode)
      return owners.count != 1 || owners[0].process != Int32(inode / 500)
        || owners[0].descriptor != Int32(inode % 500)
    }
    #expect(wrong.isEmpty)
    #expect(index.owners(of: 100_500).isEmpty)
  }
}

@Suite struct InodeSetTests {
  @Test(arguments: SeededRandom.seeds(1))
  func `it holds what was put in, and nothing else`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var set = OwnerIndex.InodeSet()
    var model: Set<UInt32> = []
    for _ in 0..<5000 {
      let inode = UInt32.random(in: 0..<(1 << 14), using: &random)
      set.insert(inode)
      if inode != 0 { model.insert(inode) }
    }
    #expect(set.count == model.count, "SEED=\(seed)")
    let wrong = (UInt32(0)..<(1 << 14)).filter { set.contains($0) != model.contains($0) }
    #expect(wrong.isEmpty, "SEED=\(seed)")
  }

  @Test func `the largest inode and the empty set are no exceptions`() {
    #expect(!OwnerIndex.InodeSet().contains(5))
    #expect(OwnerIndex.InodeSet([.max]).contains(.max))
    #expect(!OwnerIndex.InodeSet([0]).contains(0))
  }
}
