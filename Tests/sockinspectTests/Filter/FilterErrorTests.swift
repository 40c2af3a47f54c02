import ProcNet
import Testing

@testable import sockinspect

/// Every way to be wrong, and the exact report of it.
@Suite struct FilterErrorTests {
  static let reports: [(String, String)] = [
    (
      "state establishd sport = :22",
      """
      unknown state 'establishd'; did you mean 'established'?
        state establishd sport = :22
              ^~~~~~~~~~
      """
    ),
    (
      "state frobnicate",
      """
      unknown state 'frobnicate'
        state frobnicate
              ^~~~~~~~~~
      """
    ),
    (
      "state",
      """
      a state is missing at the end
        state
             ^
      """
    ),
    (
      "exclude ( sport = :1 )",
      """
      a state is missing before '('
        exclude ( sport = :1 )
                ^
      """
    ),
    (
      "stat established",
      """
      unknown condition 'stat'; did you mean 'state'?
        stat established
        ^~~~
      """
    ),
    (
      "spot = :22",
      """
      unknown condition 'spot'; did you mean 'sport'?
        spot = :22
        ^~~~
      """
    ),
    (
      "zzzzzzz = 22",
      """
      unknown subject 'zzzzzzz'
        zzzzzzz = 22
        ^~~~~~~
      """
    ),
    (
      "nginx sshd",
      """
      unknown condition 'nginx'; a command's sockets are comm = nginx
        nginx sshd
        ^~~~~
      """
    ),
    (
      "nginx and state listening",
      """
      unknown condition 'nginx'; a command's sockets are comm = nginx
        nginx and state listening
        ^~~~~
      """
    ),
    (
      "sport = :99999",
      """
      port 99999 is out of range (0 to 65535)
        sport = :99999
                ^~~~~~
      """
    ),
    (
      "sport = :htp",
      """
      'htp' is neither a port nor a known service
        sport = :htp
                ^~~~
      """
    ),
    (
      "sport =",
      """
      a port is missing at the end
        sport =
               ^
      """
    ),
    (
      "sport > and dport = :1",
      """
      a port is missing before 'and'
        sport > and dport = :1
                ^~~
      """
    ),
    (
      "sport = ( dport = :1 )",
      """
      a port is missing before '('
        sport = ( dport = :1 )
                ^
      """
    ),
    (
      "sport",
      """
      a port is missing at the end
        sport
             ^
      """
    ),
    (
      "src = -1",
      """
      '-1' is not an address
        src = -1
              ^~
      """
    ),
    (
      "src 10.0.0.256",
      """
      '10.0.0.256' is not an address
        src 10.0.0.256
            ^~~~~~~~~~
      """
    ),
    (
      "src 10.0.0.1/33",
      """
      '10.0.0.1/33' is not an address
        src 10.0.0.1/33
            ^~~~~~~~~~~
      """
    ),
    (
      "dst 18080",
      """
      '18080' is not an address; a port is dport = :18080
        dst 18080
            ^~~~~
      """
    ),
    (
      "src nowhere",
      """
      no address is known for 'nowhere'
        src nowhere
            ^~~~~~~
      """
    ),
    (
      "src [::1",
      """
      '[' is not closed
        src [::1
            ^~~~
      """
    ),
    (
      "src [::1]x",
      """
      'x' can't follow ']'; a port follows as ]:PORT
        src [::1]x
            ^~~~~~
      """
    ),
    (
      "src netlink:5",
      """
      sockets of the family netlink are not listed
        src netlink:5
            ^~~~~~~~~
      """
    ),
    (
      "src link:arpp",
      """
      unknown link protocol 'arpp'; did you mean 'arp'?
        src link:arpp
            ^~~~~~~~~
      """
    ),
    (
      "src > 10.0.0.1",
      """
      src can only be compared with = and !=
        src > 10.0.0.1
            ^
      """
    ),
    (
      "( sport = :1",
      """
      '(' is not closed
        ( sport = :1
        ^
      """
    ),
    (
      "sport = :1 )",
      """
      ')' without '('
        sport = :1 )
                   ^
      """
    ),
    (
      "()",
      """
      a condition is missing before ')'
        ()
         ^
      """
    ),
    (
      "sport = :1 or",
      """
      a condition is missing at the end
        sport = :1 or
                     ^
      """
    ),
    (
      "and sport = :1",
      """
      a condition is missing before 'and'
        and sport = :1
        ^~~
      """
    ),
    (
      "sport = :1 and or dport = :2",
      """
      a condition is missing before 'or'
        sport = :1 and or dport = :2
                       ^~
      """
    ),
    (
      "not",
      """
      a condition is missing at the end
        not
           ^
      """
    ),
    (
      "= 5",
      """
      a subject is missing before '='
        = 5
        ^
      """
    ),
    (
      "comm = a = b",
      """
      a subject is missing before '='
        comm = a = b
                 ^
      """
    ),
    (
      "dev nope",
      """
      no interface is called 'nope'
        dev nope
            ^~~~
      """
    ),
    (
      "fwmark 0x1/0x2/0x3",
      """
      '0x1/0x2/0x3' is not a mark; write VALUE or VALUE/MASK
        fwmark 0x1/0x2/0x3
               ^~~~~~~~~~~
      """
    ),
    (
      "fwmark blue",
      """
      'blue' is not a mark; write VALUE or VALUE/MASK
        fwmark blue
               ^~~~
      """
    ),
    (
      "cgroup system.slice",
      """
      'system.slice' is not a cgroup's path, which begins with '/'
        cgroup system.slice
               ^~~~~~~~~~~~
      """
    ),
    (
      "netid tpc",
      """
      unknown kind of sockets 'tpc'; did you mean 'tcp'?
        netid tpc
              ^~~
      """
    ),
    (
      "family inet4",
      """
      unknown family 'inet4'; did you mean 'inet'?
        family inet4
               ^~~~~
      """
    ),
    (
      "standing que",
      """
      unknown standing 'que'; did you mean 'queued'?
        standing que
                 ^~~
      """
    ),
    (
      "comm > nginx",
      """
      comm can only be compared with = and !=
        comm > nginx
             ^
      """
    ),
    (
      "pid = nginx",
      """
      pid is compared with a number, not 'nginx'
        pid = nginx
              ^~~~~
      """
    ),
    (
      "pid:nginx",
      """
      pid: is followed by a number, not 'nginx'
        pid:nginx
        ^~~~~~~~~
      """
    ),
    (
      "rtt 50ms",
      """
      a comparison (> >= < <= = !=) of rtt is missing before '50ms'
        rtt 50ms
            ^~~~
      """
    ),
    (
      "rtt > 5k",
      """
      wrong unit 'k': rtt is a time and takes us, ms, s, m, h or d
        rtt > 5k
               ^
      """
    ),
    (
      "rtt > 50",
      """
      a unit is missing: rtt is a time and takes us, ms, s, m, h or d
        rtt > 50
              ^~
      """
    ),
    (
      "fill > 5ms",
      """
      wrong unit 'ms': fill is a percentage and takes %
        fill > 5ms
                ^~
      """
    ),
    (
      "recvq > 5parsec",
      """
      unknown unit 'parsec': recvq is a size and takes b, k, m, g or t
        recvq > 5parsec
                 ^~~~~~
      """
    ),
    (
      "drops > 5k",
      """
      wrong unit 'k': drops is a count and takes no unit
        drops > 5k
                 ^
      """
    ),
    (
      "bytes_sent > lots",
      """
      bytes_sent is compared with a number, not 'lots'
        bytes_sent > lots
                     ^~~~
      """
    ),
    (
      "bytes_sent > 99999999999g",
      """
      '99999999999g' is too large or has too many digits
        bytes_sent > 99999999999g
                     ^~~~~~~~~~~~
      """
    ),
    (
      "rtt > 1.2.3ms",
      """
      rtt is compared with a number, not '1.2.3ms'
        rtt > 1.2.3ms
              ^~~~~~~
      """
    ),
    (
      "user:",
      """
      a name is missing after ':'
        user:
        ^~~~~
      """
    ),
    (
      "8080",
      """
      what is 8080? a port is :8080, a process pid:8080
        8080
        ^~~~
      """
    ),
    (
      ":",
      """
      a port is missing after ':'
        :
        ^
      """
    ),
    (
      "comm = \"nginx",
      """
      the quote is not closed
        comm = "nginx
               ^
      """
    ),
    (
      "comm = a\\",
      """
      nothing follows the backslash
        comm = a\\
                ^
      """
    ),
  ]

  @Test("a wrong filter is reported with a caret under the wrong word", arguments: reports)
  func report(sentence: String, report: String) throws {
    let error = try #require(Self.error(in: sentence))
    #expect(error.report == report)
    #expect(error.report.hasPrefix(error.message))
    #expect(error.text == sentence)
  }

  @Test("the nearest right word is told apart from the message")
  func suggestion() throws {
    let error = try #require(Self.error(in: "state listning"))
    #expect(error.suggestion == "listening")
    #expect(error.position == 6)
    #expect(error.length == 8)
  }

  @Test("the fault is located in the arguments as joined by blanks")
  func joined() throws {
    do throws(FilterError) {
      _ = try Filter.parse(["state", "listening", "fill > 5x"], .sample())
      Issue.record("no error")
    } catch {
      #expect(error.text == "state listening fill > 5x")
      #expect(error.position == 24)
    }
  }

  @Test("a fault in a long filter is shown with its surroundings only")
  func longText() throws {
    let filler = String(repeating: "sport = :1 or ", count: 100)
    let error = try #require(Self.error(in: filler + "spot = :1 or " + filler + "sport = :1"))
    let lines = error.report.split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.count < 100 })
    let indent = lines[2].prefix { $0 == " " }.count
    #expect(lines[1].dropFirst(indent).hasPrefix("spot"))
  }

  @Test("what a terminal would act upon is not repeated")
  func hostileText() throws {
    let error = try #require(Self.error(in: "sp\u{1B}[31mot\u{202E}x = 1"))
    #expect(error.report.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    #expect(!error.report.unicodeScalars.contains("\u{202E}"))
  }

  @Test("nesting is bounded, flat lists are not")
  func depth() throws {
    let deepest = FilterParser.deepest
    func nested(_ depth: Int) -> String {
      String(repeating: "(", count: depth) + "sport = :1" + String(repeating: ")", count: depth)
    }
    #expect(Self.error(in: nested(deepest)) == nil)
    let error = try #require(Self.error(in: nested(deepest + 1)))
    #expect(error.message == "more than 200 parentheses and nots inside each other")
    #expect(error.position == deepest)
    #expect(Self.error(in: String(repeating: "!", count: 5000) + "autobound") != nil)
    let flat = Array(repeating: "pid 1 or pid 2 and", count: 800).joined(separator: " ")
    #expect(Self.error(in: flat + " pid 3") == nil)
  }

  @Test("a filter that nobody could have typed is refused")
  func overlong() throws {
    let error = try #require(Self.error(in: String(repeating: "x", count: 20_000)))
    #expect(error.message == "the filter is longer than 16384 characters")
    #expect(error.report.utf8.count < 300)
  }

  @Test("every prefix and every damaged sentence is read or refused, never trapped upon")
  func damaged() {
    var random = SeededNumbers(seed: 20261123)
    for (sentence, _) in SentenceTests.ofSS + SentenceTests.ofOurs + SentenceTests.selectors {
      let scalars = Array(sentence.unicodeScalars)
      for end in scalars.indices {
        _ = Self.error(in: String(String.UnicodeScalarView(scalars[..<end])))
        var damaged = scalars
        damaged[end] =
          "()!&|=<>:/[]%*@\"\\\u{0}\u{FFFD}9".unicodeScalars.randomElement(using: &random) ?? " "
        let text = String(String.UnicodeScalarView(damaged))
        if let error = Self.error(in: text) {
          #expect(error.report.split(separator: "\n").count == 3)
        }
      }
    }
  }

  static func error(in sentence: String) -> FilterError? {
    do throws(FilterError) {
      _ = try Filter.parse([sentence], .sample())
      return nil
    } catch {
      return error
    }
  }
}
