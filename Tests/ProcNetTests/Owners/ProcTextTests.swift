import Testing

@testable import ProcNet

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite struct ProcTextTests {
  private let rest = "1 7 7 0 -1 4194304 90 0 3 0 12 34 0 0 20 0 5 0 778899 1000 20"

  @Test func `stat is read from the last parenthesis on`() throws {
    let stat = try #require(ProcStat(bytes("7 (a) R (b\n) S \(rest)\n")))
    #expect(stat.process == 7)
    #expect(OwnersKernel.text(stat.command) == "a) R (b\n")
    #expect(stat.state == UInt8(ascii: "S"))
    #expect(stat.parent == 1)
    #expect(stat.userTicks == 12)
    #expect(stat.kernelTicks == 34)
    #expect(stat.threads == 5)
    #expect(stat.startTicks == 778_899)
    #expect(!stat.isKernelThread && !stat.hasTerminal)
    // A pseudo terminal: major 136.
    let shell = rest.replacing(" 0 -1 ", with: " 34819 34 ")
    #expect(ProcStat(bytes("7 (sh) S \(shell)\n"))?.hasTerminal == true)
  }

  @Test func `no beginning of a stat line is taken for a whole one before its start time`() {
    let line = bytes("7 (x) S \(rest)\n")
    let needed = bytes("7 (x) S 1 7 7 0 -1 4194304 90 0 3 0 12 34 0 0 20 0 5 0 7").count
    for length in 0..<needed { #expect(ProcStat(Array(line[..<length])) == nil) }
    #expect(ProcStat(line) != nil)
  }

  @Test func `status tells what its lines say, and nil for the others`() {
    let status = ProcStatus(
      bytes(
        """
        Name:\tx: y
        State:\tT (stopped)
        TracerPid:\t12
        Uid:\t1000\t0\t0\t0
        NSpid:\t900\t7
        CapEff:\t000001ffffffffff
        voluntary_ctxt_switches:\t99999999999
        odd line
        """))
    #expect(OwnersKernel.text(status.name) == "x: y")
    #expect(status.state == UInt8(ascii: "T"))
    #expect(status.tracer == 12)
    #expect(status.realUser == 1000)
    #expect(status.effectiveUser == 0)
    #expect(status.nestedNumbers == [900, 7])
    #expect(status.mayInspectOthers == true)
    #expect(status.voluntarySwitches == 99_999_999_999)
    #expect(status.forcedSwitches == nil)
    #expect(status.threads == nil)
    #expect(ProcStatus([]).mayInspectOthers == nil)
  }

  @Test func `mounts are unescaped, and a broken escape stays`() {
    let mounts = ProcMounts(
      bytes(
        """
        none /a\\040b\\134\\011 proc rw,hidepid=2 0 0
        short line
        x /c\\04 tmpfs\\04 rw 0 0
        x /d\\777 tmpfs rw 0 0
        """)
    ).mounts
    #expect(mounts.map { OwnersKernel.text($0.folder) } == ["/a b\\\t", "/c\\04", "/d\\777"])
    #expect(OwnersKernel.text(mounts.first?.option("hidepid")) == "2")
    #expect(mounts.first?.option("hide") == nil)
  }

  @Test func `cgroup lines of both versions are read, and the telling path wins`() {
    let both = ProcCgroup(bytes("4:memory:/m\n1:name=systemd:/s.service\n0::/\n"))
    #expect(both.unified == [47])
    #expect(OwnersKernel.text(both.path) == "/s.service")
    #expect(both.controllers == [bytes("/m")])
    #expect(OwnersKernel.text(ProcCgroup(bytes("0::/a:b/c\n")).path) == "/a:b/c")
    #expect(OwnersKernel.text(ProcCgroup(bytes("0::/a.service (deleted)\n")).path) == "/a.service")
    #expect(ProcCgroup(bytes("0::/\n")).path == [47])
    #expect(ProcCgroup(bytes("0:\n::\nx\n")).path == nil)
  }

  @Test func `users are found both ways, the first of two counts, odd lines are passed over`() {
    let users = Users(
      Passwd(
        bytes(
          """
          root:x:0:0:root:/root:/bin/sh
          # comment:x:5:5::
          +nis:x:6:6::
          toor:x:0:0::/:
          broken:x
          big:x:4294967294:0::
          over:x:4294967296:0::
          """)))
    #expect(OwnersKernel.text(users.name(of: 0)) == "root")
    #expect(users.uid(of: bytes("toor")) == 0)
    #expect(users.uid(of: bytes("big")) == 4_294_967_294)
    #expect(users.name(of: 5) == nil)
    #expect(users.name(of: 6) == nil)
    #expect(users.uid(of: bytes("over")) == nil)
    #expect(users.gap == nil)
  }

  @Test func `without a passwd file there are no names, and a reason`() {
    #expect(
      Users(through: OwnersKernel(.init())).gap?.message
        == "user names not shown: cannot read /etc/passwd: no such file or directory")
    #expect(OwnersKernel.text(Users(through: LiveKernel()).name(of: 0)) == "root")
    // Without the file only root is known.
    let none = Users(through: OwnersKernel(.init()))
    #expect(none.uid(of: Array("root".utf8)) == 0 && OwnersKernel.text(none.name(of: 0)) == "root")
    #expect(none.name(of: 1) == nil)
  }

  @Test(arguments: ["", "+1", "-1", "1 ", "4294967296", "99999999999999999999999", "0x1"])
  func `what is not a number of the type is none`(text: String) {
    #expect(UInt32(procDigits: text.utf8) == nil)
  }
}
