import ProcNet
import Testing

@testable import sockinspect

/// Sentences of the language, and the one spelling that each is read as.
@Suite struct SentenceTests {
  static let ofSS: [(String, String)] = [
    ("", "state all"),
    ("state established", "state established"),
    ("state listening state time-wait", "state time-wait state listening"),
    ("exclude listening", "exclude listening"),
    ("excl bucket", "state big"),
    ("exclude bucket exclude established", ""),
    ("state connected exclude syn-sent", "state synchronized"),
    ("state syn-rcv", "state syn-recv"),
    ("state closed", "state unconnected"),
    ("state established sport = :22", "state established and sport = :22"),
    (
      "state established ( sport = :22 or dport = :22 )",
      "state established and (sport = :22 or dport = :22)"
    ),
    (
      "state established sport = :22 or dport = :22",
      "state established and (sport = :22 or dport = :22)"
    ),
    ("sport = :ssh", "sport = :22"), ("sport = ssh", "sport = :22"), ("sport ssh", "sport = :22"),
    ("sport :22", "sport = :22"), ("sport == 22", "sport = :22"), ("sport eq 22", "sport = :22"),
    ("sport = :0x16", "sport = :22"), ("sport = inet:22", "family = inet and sport = :22"),
    ("sport = inet6::22", "family = inet6 and sport = :22"),
    ("sport != :22", "not sport = :22"), ("dport ne 22", "not dport = :22"),
    ("dport neq 22", "not dport = :22"), ("dport > 1024", "dport > :1024"),
    ("dport gt :1024", "dport > :1024"), ("dport lt :1024", "dport < :1024"),
    ("dport ge :1024", "dport >= :1024"), ("dport geq :1024", "dport >= :1024"),
    ("dport le :1024", "dport <= :1024"), ("dport leq :1024", "dport <= :1024"),
    ("src 10.0.0.1", "src 10.0.0.1"), ("src = 10.0.0.1", "src 10.0.0.1"),
    ("src eq 10.0.0.1:80", "src 10.0.0.1 and sport = :80"),
    ("dst 193.233.7/24", "dst 193.233.7.0/24"),
    ("dst 127/8:http", "dst 127.0.0.0/8 and dport = :80"),
    ("src [::1]:22", "src [::1] and sport = :22"), ("src [fe80::]", "src [fe80::]"),
    ("dst ::1:18081", "dst [::1] and dport = :18081"), ("src *:22", "sport = :22"),
    ("src :22", "sport = :22"), ("src *", "state all"), ("src 127.0.0.1:*", "src 127.0.0.1"),
    ("src localhost", "src [::1] or src 127.0.0.1"),
    ("dst web:https", "dst 10.0.0.7 and dport = :443"),
    ("src inet:10.0.0.1", "family = inet and src 10.0.0.1"),
    ("src unix:/run/*", "src unix:/run/*"), ("src unix:", "src unix:\"\""),
    ("src link:arp:eth0", "family = link and protocol 2054 and dev eth0"),
    ("src link:*", "family = link"),
    ("dev lo", "dev lo"), ("dev != eth0", "not dev eth0"), ("dev = 2", "dev 2"),
    ("fwmark = 0x01/0x03", "fwmark 0x1/0x3"), ("fwmark != 16", "not fwmark 0x10"),
    ("cgroup /sys/fs/cgroup/system.slice/x.service", "cgroup /system.slice/x.service"),
    ("cgroup != /a/", "not cgroup /a"), ("autobound", "autobound"),
    ("not sport = :22 dport = :80", "not sport = :22 and dport = :80"),
    ("! sport = :22 | dport = :80", "not sport = :22 or dport = :80"),
    ("sport = :1 && dport = :2 || dport = :3", "(sport = :1 and dport = :2) or dport = :3"),
    ("sport = :1 & ( dport = :2 | dport = :3 )", "sport = :1 and (dport = :2 or dport = :3)"),
  ]

  static let ofOurs: [(String, String)] = [
    ("(sport=:22||dport=:22)&&!dev=lo", "(sport = :22 or dport = :22) and not dev lo"),
    ("!(sport=:22)", "not sport = :22"), ("sport>=1024", "sport >= :1024"),
    ("src!=10.0.0.1", "not src 10.0.0.1"), ("NOT SPORT = :22", "not sport = :22"),
    ("state LISTEN", "state listening"), ("state ESTAB", "state established"),
    ("state TIME_WAIT", "state time-wait"), ("state timewait", "state time-wait"),
    ("state FIN-WAIT-1", "state fin-wait-1"), ("state UNCONN", "state unconnected"),
    ("state bound", "state bound-inactive"),
    ("state listening and fill >= 80%", "state listening and fill >= 80%"),
    ("state listening or state closing", "state listening or state closing"),
    ("not state time-wait", "not state time-wait"),
    ("sport = :22 exclude listening", "sport = :22 and exclude listening"),
    ("src ::1", "src [::1]"), ("src [::1]/64", "src [::1]/64"),
    ("src [fe80::/10]", "src [fe80::]/10"),
    ("src 2001:db8::a:0:0:1", "src [2001:db8::a:0:0] and sport = :1"),
    ("src [2001:db8:0:0:1::1]", "src [2001:db8::1:0:0:1]"),
    ("src ::ffff:10.0.0.1", "src [::ffff:a00:1]"),
    ("src 127.0.0.53%lo:domain", "src 127.0.0.53 and dev lo and sport = :53"),
    ("src /run/x.sock", "src unix:/run/x.sock"),
    ("pid 812", "pid = 812"), ("pid>812", "pid > 812"), ("comm nginx", "command = nginx"),
    ("command nginx", "command = nginx"), ("peer_command a", "peer-command = a"),
    ("comm = \"tmux: server\"", "command = \"tmux: server\""),
    ("comm != php-fpm*", "command != php-fpm*"),
    ("user www-data", "user = www-data"), ("user 33", "uid = 33"), ("uid>=1000", "uid >= 1000"),
    ("netns blue", "netns = blue"), ("netns = 4026531840", "netns = 4026531840"),
    ("container web-1", "container = web-1"), ("service nginx", "service = nginx"),
    ("netid tcp", "netid = tcp"), ("family = ipv6", "family = inet6"), ("inode 77", "inode = 77"),
    ("fill>=80", "fill >= 80%"), ("fill = 33.5 %", "fill = 33.5%"), ("age > 5s", "age > 5s"),
    ("age > 5 s", "age > 5s"), ("age > 1.5m", "age > 90s"), ("rtt > 50ms", "rtt > 50ms"),
    ("rtt > 50000µs", "rtt > 50ms"), ("rtt > 0", "rtt > 0us"), ("recvq > 64k", "recv-q > 64k"),
    ("recv-q > 64KiB", "recv-q > 64k"), ("SEND_Q > 1.5m", "send-q > 1536k"),
    ("sendq > 1k", "send-q > 1k"),
    ("bytes_sent >= 2g", "bytes-sent >= 2g"), ("bytes-sent >= 2g", "bytes-sent >= 2g"),
    ("drops > 0", "drops > 0"),
    ("pacing_rate < 8mbps", "pacing-rate < 1000000"), ("cwnd < 10", "cwnd < 10"),
    ("snd_cwnd < 10", "cwnd < 10"), ("notsent > 0", "notsent > 0"),
    ("min_rtt < 1ms", "minrtt < 1ms"), ("rtt-us > 500", "rtt > 500us"),
    ("age_ms > 5000", "age > 5s"), ("rtt_us > 1ms", "rtt > 1ms"),
    ("idle > 1h", "idle > 1h"), ("queued and age > 5s", "standing = queued and age > 5s"),
    ("orphan", "standing = orphan"), ("standing = time-wait", "standing = time-wait"),
    ("peer_comm nginx or peer_pid 5", "peer-command = nginx or peer-pid = 5"),
    ("peer-comm nginx or peer-pid:5", "peer-command = nginx or peer-pid = 5"),
    (":22 and state established", "(sport = :22 or dport = :22) and state established"),
    ("pid:1 or pid:2", "pid = 1 or pid = 2"),
  ]

  static let selectors: [(String, String)] = [
    (":8080", "sport = :8080 or dport = :8080"), (":ssh", "sport = :22 or dport = :22"),
    (
      "127.0.0.1:8080",
      "(src 127.0.0.1 and sport = :8080) or (dst 127.0.0.1 and dport = :8080) or "
        + "(state unconnected state listening state bound-inactive and sport = :8080 and (src 0.0.0.0 or src [::]))"
    ),
    (
      "[::1]:8080",
      "(src [::1] and sport = :8080) or (dst [::1] and dport = :8080) or "
        + "(state unconnected state listening state bound-inactive and sport = :8080 and src [::])"
    ),
    ("10.0.0.1", "src 10.0.0.1 or dst 10.0.0.1"), ("10/8", "src 10.0.0.0/8 or dst 10.0.0.0/8"),
    ("::1", "src [::1] or dst [::1]"), ("*:80", "sport = :80 or dport = :80"),
    ("pid:812", "pid = 812"), ("user:root", "user = root"), ("user:0", "uid = 0"),
    ("comm:a*", "command = a*"), ("/run/php.sock", "/run/php.sock"), ("@abstract", "@abstract"),
    ("unix:/run/*", "src unix:/run/* or dst unix:/run/*"),
    ("nginx", "command = nginx or service = nginx"),
    ("\"a b\"", "command = \"a b\" or service = \"a b\""),
  ]

  @Test("ss's sentences are read as ss reads them", arguments: ofSS)
  func sentencesOfSS(sentence: String, meaning: String) throws {
    let filter = try Filter.parse([sentence], .sample())
    if !meaning.isEmpty { #expect(filter.expression.description == meaning) }
    #expect(!filter.isSelector)
  }

  @Test("what ss does not know is read too", arguments: ofOurs)
  func sentencesOfOurs(sentence: String, meaning: String) throws {
    let filter = try Filter.parse([sentence], .sample())
    #expect(filter.expression.description == meaning)
    #expect(!filter.isSelector)
  }

  @Test("a lone word selects without a subject", arguments: selectors)
  func selector(word: String, meaning: String) throws {
    let filter = try Filter.parse([word], .sample())
    #expect(filter.expression.description == meaning)
    #expect(filter.isSelector)
  }

  @Test("words may come in one argument or in many", arguments: ofSS + ofOurs)
  func anyDivision(sentence: String, meaning: String) throws {
    let whole = try Filter.parse([sentence], .sample()).expression
    let words = sentence.split(separator: " ").map(String.init)
    #expect(try Filter.parse(words, .sample()).expression == whole)
  }

  @Test("the printed form is read back as the same meaning", arguments: ofSS + ofOurs)
  func printedForm(sentence: String, meaning: String) throws {
    let filter = try Filter.parse([sentence], .sample())
    let printed = filter.expression.description
    if printed.contains("protocol ") || sentence.isEmpty || meaning == "state all" { return }
    #expect(try Filter.parse([printed], .sample()).expression.description == printed)
  }

  @Test("with unix sockets only, src takes a path pattern as ss -x does")
  func pathContext() throws {
    let filter = try Filter.parse(["src", "*dbus*"], .sample(netids: .unix))
    #expect(filter.expression.description == "src unix:*dbus*")
  }
}
