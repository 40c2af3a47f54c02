/// Wrong filters and what is said of them, word for word; the second half.
enum MoreFilterErrorReports {
  static let all: [(String, String)] = [
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
      "recvq > 5MBB",
      """
      unknown unit 'MBB': recvq is a size and takes b, k, m, g or t; did you mean 'mb'?
        recvq > 5MBB
                 ^~~
      """
    ),
    (
      "rtt > 2 msecc",
      """
      unknown unit 'msecc'; did you mean 'msec'?
        rtt > 2 msecc
                ^~~~~
      """
    ),
    (
      "user nobdy",
      """
      no user in /etc/passwd is called 'nobdy'; did you mean 'nobody'?
        user nobdy
             ^~~~~
      """
    ),
    (
      "user:mallory or sport = :1",
      """
      no user in /etc/passwd is called 'mallory'
        user:mallory or sport = :1
        ^~~~~~~~~~~~
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
}
