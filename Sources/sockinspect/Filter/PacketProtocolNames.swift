/// Names of ethernet protocols (`ETH_P_*` of `linux/if_ether.h`) as people and ss write them.
enum PacketProtocolNames {
  static let table: [(String, UInt16)] = [
    ("all", 0x0003), ("ip", 0x0800), ("ipv4", 0x0800), ("arp", 0x0806), ("rarp", 0x8035),
    ("ipv6", 0x86DD), ("802.1q", 0x8100), ("802.1ad", 0x88A8), ("802_2", 0x0004),
    ("802_3", 0x0001), ("mpls_uc", 0x8847), ("mpls_mc", 0x8848), ("ppp_disc", 0x8863),
    ("ppp_ses", 0x8864), ("aoe", 0x88A2), ("lldp", 0x88CC), ("loop", 0x0060), ("x25", 0x0805),
    ("802.1x", 0x888E), ("pae", 0x888E), ("ptp", 0x88F7), ("fcoe", 0x8906), ("tipc", 0x88CA),
    ("can", 0x000C), ("canfd", 0x000D), ("loopback", 0x9000),
  ]

  static func number(of word: String) -> UInt16? {
    let name = word.lowercased()
    return table.first { $0.0 == name }?.1 ?? FilterParser.unsigned(name, UInt16.self)
  }
}
