/// Wrong filters and what is said of them, word for word; the first half.
enum FilterErrorReports {
  static let all: [(String, String)] = [
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
      unknown condition 'nginx'; a program's sockets are command = nginx
        nginx sshd
        ^~~~~
      """
    ),
    (
      "nginx and state listening",
      """
      unknown condition 'nginx'; a program's sockets are command = nginx
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
      '10.0.0.1/33' is not an address; a network has a prefix of 0 to 32 bits
        src 10.0.0.1/33
            ^~~~~~~~~~~
      """
    ),
    (
      "300.1.1.1",
      """
      '300.1.1.1' is not an address
        300.1.1.1
        ^~~~~~~~~
      """
    ),
    (
      "10.0.0.0/33",
      """
      '10.0.0.0/33' is not an address; a network has a prefix of 0 to 32 bits
        10.0.0.0/33
        ^~~~~~~~~~~
      """
    ),
    (
      "dst fe80::/129",
      """
      'fe80::/129' is not an address; a network has a prefix of 0 to 128 bits
        dst fe80::/129
            ^~~~~~~~~~
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
  ]
}
