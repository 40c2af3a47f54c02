/// Tables as Linux 6.18 prints them, taken from one namespace with a few sockets of every kind.
enum ProcNetTables {
  static let tcpHeader =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
    + "  timeout inode                                                     "

  /// A listener on 127.0.0.1:42231 with one connection that waits, an accepted connection with
  /// 5 unread bytes, its client (keepalive runs), a client and its end that waits for accept (no
  /// inode), and a connection in TIME-WAIT. Rows are padded with spaces to 149 bytes.
  static let tcp = """
    \(tcpHeader)
       0: 0100007F:A4F7 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 \
    32462 2 00000000eb22911c 100 0 0 10 0                    \u{20}
       1: 0100007F:A4F7 0100007F:8060 01 00000000:00000005 00:00000000 00000000     0        0 \
    32466 1 00000000d5106d82 20 4 30 10 -1                   \u{20}
       2: 0100007F:8060 0100007F:A4F7 01 00000000:00000000 02:000AFC1C 00000000  1000        3 \
    32465 2 000000008cb724b7 20 0 0 11 -1                    \u{20}
       3: 0100007F:8068 0100007F:A4F7 01 00000000:00000000 00:00000000 00000000     0        0 \
    32467 1 000000003f62b2e1 20 0 0 11 -1                    \u{20}
       4: 0100007F:A4F7 0100007F:8068 01 00000000:00000003 00:00000000 00000000     0        0 \
    0 1 00000000ab1ba72d 20 4 30 10 -1                       \u{20}
       5: 0100007F:DB98 0100007F:A63D 06 00000000:00000000 03:0000170B 00000000     0        0 \
    0 3 00000000bdbbb979                                     \u{20}

    """

  /// A listener on [::]:42557, one on [::1]:36403, and a client of the latter whose peer's window
  /// is zero: 3.7 MB wait to be sent, the window probe timer runs, one probe is out.
  static let tcp6 = """
      sl  local_address                         remote_address                        st \
    tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
       0: 00000000000000000000000000000000:A63D 00000000000000000000000000000000:0000 0A \
    00000000:00000000 00:00000000 00000000     0        0 32464 1 0000000051f4549e 100 0 0 10 0
       1: 00000000000000000000000001000000:8E33 00000000000000000000000000000000:0000 0A \
    00000000:00000002 00:00000000 00000000     0        0 32463 3 00000000d8e98575 100 0 0 10 0
       4: 00000000000000000000000001000000:C714 00000000000000000000000001000000:8E33 01 \
    0039B600:00000000 04:00000047 00000000     0        1 32488 2 0000000091b186a2 20 0 0 16 -1

    """

  /// A receiver whose buffer is full (3840 bytes of memory, 17 datagrams dropped), a sender.
  static let udp = """
       sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout \
    inode ref pointer drops           \u{20}
     6273: 0100007F:C610 00000000:0000 07 00000000:00000F00 00:00000000 00000000     0        0 \
    32471 2 000000006f46efa2 17       \u{20}
     7432: 0100007F:8A97 0100007F:C610 01 00000000:00000000 00:00000000 00000000     0        0 \
    32472 2 00000000c879133d 0        \u{20}

    """

  static let udp6 = """
      sl  local_address                         remote_address                        st \
    tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
    13885: 00000000000000000000000000000000:E3CC 00000000000000000000000000000000:0000 07 \
    00000000:00000000 00:00000000 00000000     0        0 32473 2 00000000da83bc52 0

    """

  /// ICMP: protocol 1 stands where the port is.
  static let raw = """
      sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout \
    inode ref pointer drops
     171: 00000000:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 \
    32474 2 00000000f49e2a4c 0

    """

  /// ICMPv6: protocol 58 = 0x3A.
  static let raw6 = """
      sl  local_address                         remote_address                        st \
    tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
      137: 00000000000000000000000000000000:003A 00000000000000000000000000000000:0000 07 \
    00000000:00000000 00:00000000 00000000     0        0 32475 2 00000000420c8cb6 0

    """

  /// A listener of every odd kind: a path with a space and a newline, an abstract name that ends
  /// in a newline (so an empty line follows), and for both the end that waits for accept (St 02,
  /// inode 0). `@abs@x` has a zero byte where the second `@` is.
  static let unix = """
    Num       RefCount Protocol Flags    Type St Inode Path
    0000000088bf4fba: 00000002 00000000 00010000 0005 01 32482 /run/seq
    000000009204c100: 00000003 00000000 00000000 0001 03 32479
    0000000003d784e2: 00000003 00000000 00000000 0001 02     0 /run/a b
    c
    0000000059aac02a: 00000003 00000000 00000000 0001 02     0 @only

    00000000df59cbab: 00000002 00000000 00000000 0001 01 32487
    000000007da2321f: 00000003 00000000 00000000 0005 03 32484 /run/seq
    000000001d665986: 00000002 00000000 00010000 0001 01 32478 /run/a b
    c
    00000000bf3823cb: 00000002 00000000 00010000 0001 01 32485 @only

    000000009d6d4a00: 00000003 00000000 00000000 0002 03 32480 @abs@x

    """

  /// A raw socket for all protocols (3) with 236,296 bytes to read, a cooked one for IPv4 on
  /// interface 2.
  static let packet = """
    sk               RefCnt Type Proto  Iface R Rmem   User   Inode
    00000000b570c794 3      3    0003   0     1 236296 0      32476\u{20}
    0000000097443244 3      2    0800   2     1 0      1000   32477\u{20}

    """

  /// Everything where the live host has it.
  static let files = [
    "/proc/net/tcp": tcp, "/proc/net/tcp6": tcp6, "/proc/net/udp": udp, "/proc/net/udp6": udp6,
    "/proc/net/raw": raw, "/proc/net/raw6": raw6, "/proc/net/unix": unix,
    "/proc/net/packet": packet,
  ]

  /// The line that begins with these bytes after spaces.
  static func line(_ table: String, _ beginning: String) -> String {
    for line in table.split(separator: "\n") {
      let row = line.drop { $0 == " " }
      if row.hasPrefix(beginning) { return String(line) }
    }
    return ""
  }
}
