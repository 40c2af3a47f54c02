#include "layout_oracle.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/packet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <linux/unix_diag.h>
#include <linux/version.h>
#include <stddef.h>
#include <string.h>

/* Headers from Linux 5.10 on are assumed; what came later is asked for only where it is. */
#define SINCE(major, minor) (LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0))

struct named {
  const char *name;
  long value;
};

struct field {
  const char *structure, *name;
  int offset, width;
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define SIZE(structure) {#structure, sizeof(struct structure)}
#define CONSTANT(name) {#name, (long)(name)}
#define FIELD(structure, name)                     \
  {#structure, #name, offsetof(struct structure, name), \
   sizeof(((struct structure *)0)->name)}
#define TCPI(name) FIELD(tcp_info, tcpi_##name)

static const struct named sizes[] = {
    SIZE(nlmsghdr),         SIZE(nlmsgerr),          SIZE(nlattr),
    SIZE(inet_diag_sockid), SIZE(inet_diag_req_v2),  SIZE(inet_diag_msg),
    SIZE(inet_diag_bc_op),  SIZE(inet_diag_hostcond), SIZE(inet_diag_markcond),
    SIZE(inet_diag_meminfo), SIZE(inet_diag_sockopt), SIZE(tcpvegas_info),
    SIZE(tcp_dctcp_info),   SIZE(tcp_bbr_info),      SIZE(unix_diag_req),
    SIZE(unix_diag_msg),    SIZE(unix_diag_vfs),     SIZE(unix_diag_rqlen),
    SIZE(packet_diag_req),  SIZE(packet_diag_msg),   SIZE(packet_diag_info),
    SIZE(packet_diag_ring), SIZE(packet_diag_mclist), SIZE(sock_diag_req),
    SIZE(tcp_info),         SIZE(ifinfomsg),
};

static const struct field fields[] = {
    /* netlink.h */
    FIELD(nlmsghdr, nlmsg_len),
    FIELD(nlmsghdr, nlmsg_type),
    FIELD(nlmsghdr, nlmsg_flags),
    FIELD(nlmsghdr, nlmsg_seq),
    FIELD(nlmsghdr, nlmsg_pid),
    FIELD(nlmsgerr, error),
    FIELD(nlattr, nla_len),
    FIELD(nlattr, nla_type),
    /* inet_diag.h */
    FIELD(inet_diag_sockid, idiag_sport),
    FIELD(inet_diag_sockid, idiag_dport),
    FIELD(inet_diag_sockid, idiag_src),
    FIELD(inet_diag_sockid, idiag_dst),
    FIELD(inet_diag_sockid, idiag_if),
    FIELD(inet_diag_sockid, idiag_cookie),
    FIELD(inet_diag_req_v2, sdiag_family),
    FIELD(inet_diag_req_v2, sdiag_protocol),
    FIELD(inet_diag_req_v2, idiag_ext),
    FIELD(inet_diag_req_v2, idiag_states),
    FIELD(inet_diag_req_v2, id),
    FIELD(inet_diag_msg, idiag_family),
    FIELD(inet_diag_msg, idiag_state),
    FIELD(inet_diag_msg, idiag_timer),
    FIELD(inet_diag_msg, idiag_retrans),
    FIELD(inet_diag_msg, id),
    FIELD(inet_diag_msg, idiag_expires),
    FIELD(inet_diag_msg, idiag_rqueue),
    FIELD(inet_diag_msg, idiag_wqueue),
    FIELD(inet_diag_msg, idiag_uid),
    FIELD(inet_diag_msg, idiag_inode),
    FIELD(inet_diag_bc_op, code),
    FIELD(inet_diag_bc_op, yes),
    FIELD(inet_diag_bc_op, no),
    FIELD(inet_diag_hostcond, family),
    FIELD(inet_diag_hostcond, prefix_len),
    FIELD(inet_diag_hostcond, port),
    FIELD(inet_diag_meminfo, idiag_rmem),
    FIELD(inet_diag_meminfo, idiag_wmem),
    FIELD(inet_diag_meminfo, idiag_fmem),
    FIELD(inet_diag_meminfo, idiag_tmem),
    /* unix_diag.h */
    FIELD(unix_diag_req, sdiag_family),
    FIELD(unix_diag_req, udiag_states),
    FIELD(unix_diag_req, udiag_ino),
    FIELD(unix_diag_req, udiag_show),
    FIELD(unix_diag_req, udiag_cookie),
    FIELD(unix_diag_msg, udiag_family),
    FIELD(unix_diag_msg, udiag_type),
    FIELD(unix_diag_msg, udiag_state),
    FIELD(unix_diag_msg, udiag_ino),
    FIELD(unix_diag_msg, udiag_cookie),
    FIELD(unix_diag_vfs, udiag_vfs_ino),
    FIELD(unix_diag_vfs, udiag_vfs_dev),
    FIELD(unix_diag_rqlen, udiag_rqueue),
    FIELD(unix_diag_rqlen, udiag_wqueue),
    /* packet_diag.h */
    FIELD(packet_diag_req, sdiag_family),
    FIELD(packet_diag_req, pdiag_show),
    FIELD(packet_diag_req, pdiag_cookie),
    FIELD(packet_diag_msg, pdiag_family),
    FIELD(packet_diag_msg, pdiag_type),
    FIELD(packet_diag_msg, pdiag_num),
    FIELD(packet_diag_msg, pdiag_ino),
    FIELD(packet_diag_msg, pdiag_cookie),
    FIELD(packet_diag_info, pdi_index),
    FIELD(packet_diag_info, pdi_flags),
    /* tcp.h */
    TCPI(state), TCPI(ca_state), TCPI(retransmits), TCPI(probes), TCPI(backoff), TCPI(options),
    TCPI(rto), TCPI(ato), TCPI(snd_mss), TCPI(rcv_mss), TCPI(unacked), TCPI(sacked), TCPI(lost),
    TCPI(retrans), TCPI(fackets), TCPI(last_data_sent), TCPI(last_ack_sent),
    TCPI(last_data_recv), TCPI(last_ack_recv), TCPI(pmtu), TCPI(rcv_ssthresh), TCPI(rtt),
    TCPI(rttvar), TCPI(snd_ssthresh), TCPI(snd_cwnd), TCPI(advmss), TCPI(reordering),
    TCPI(rcv_rtt), TCPI(rcv_space), TCPI(total_retrans), TCPI(pacing_rate),
    TCPI(max_pacing_rate), TCPI(bytes_acked), TCPI(bytes_received), TCPI(segs_out),
    TCPI(segs_in), TCPI(notsent_bytes), TCPI(min_rtt), TCPI(data_segs_in), TCPI(data_segs_out),
    TCPI(delivery_rate), TCPI(busy_time), TCPI(rwnd_limited), TCPI(sndbuf_limited),
    TCPI(delivered), TCPI(delivered_ce), TCPI(bytes_sent), TCPI(bytes_retrans), TCPI(dsack_dups),
    TCPI(reord_seen), TCPI(rcv_ooopack), TCPI(snd_wnd),
#if SINCE(6, 2)
    TCPI(rcv_wnd), TCPI(rehash),
#endif
#if SINCE(6, 7)
    TCPI(total_rto), TCPI(total_rto_recoveries), TCPI(total_rto_time),
#endif
#if SINCE(6, 18)
    TCPI(received_ce), TCPI(delivered_e1_bytes), TCPI(delivered_e0_bytes),
    TCPI(delivered_ce_bytes), TCPI(received_e1_bytes), TCPI(received_e0_bytes),
    TCPI(received_ce_bytes),
#endif
};

static const struct named constants[] = {
    CONSTANT(NETLINK_ROUTE), CONSTANT(NETLINK_SOCK_DIAG), CONSTANT(NLM_F_REQUEST),
    CONSTANT(NLM_F_MULTI), CONSTANT(NLM_F_ACK), CONSTANT(NLM_F_DUMP), CONSTANT(NLM_F_DUMP_INTR),
    CONSTANT(NLMSG_NOOP), CONSTANT(NLMSG_ERROR), CONSTANT(NLMSG_DONE), CONSTANT(NLMSG_OVERRUN),
    CONSTANT(NLA_TYPE_MASK), CONSTANT(SOCK_DIAG_BY_FAMILY), CONSTANT(SOCK_DESTROY),
    CONSTANT(INET_DIAG_REQ_BYTECODE), CONSTANT(INET_DIAG_REQ_PROTOCOL),
    CONSTANT(INET_DIAG_MEMINFO), CONSTANT(INET_DIAG_INFO), CONSTANT(INET_DIAG_VEGASINFO),
    CONSTANT(INET_DIAG_CONG), CONSTANT(INET_DIAG_TOS), CONSTANT(INET_DIAG_TCLASS),
    CONSTANT(INET_DIAG_SKMEMINFO), CONSTANT(INET_DIAG_SHUTDOWN), CONSTANT(INET_DIAG_DCTCPINFO),
    CONSTANT(INET_DIAG_PROTOCOL), CONSTANT(INET_DIAG_SKV6ONLY), CONSTANT(INET_DIAG_LOCALS),
    CONSTANT(INET_DIAG_PEERS), CONSTANT(INET_DIAG_MARK), CONSTANT(INET_DIAG_BBRINFO),
    CONSTANT(INET_DIAG_CLASS_ID), CONSTANT(INET_DIAG_MD5SIG), CONSTANT(INET_DIAG_ULP_INFO),
    CONSTANT(INET_DIAG_CGROUP_ID), CONSTANT(INET_DIAG_SOCKOPT),
    CONSTANT(INET_ULP_INFO_NAME), CONSTANT(INET_ULP_INFO_TLS), CONSTANT(INET_ULP_INFO_MPTCP),
    CONSTANT(INET_DIAG_BC_NOP), CONSTANT(INET_DIAG_BC_JMP), CONSTANT(INET_DIAG_BC_S_GE),
    CONSTANT(INET_DIAG_BC_S_LE), CONSTANT(INET_DIAG_BC_D_GE), CONSTANT(INET_DIAG_BC_D_LE),
    CONSTANT(INET_DIAG_BC_AUTO), CONSTANT(INET_DIAG_BC_S_COND), CONSTANT(INET_DIAG_BC_D_COND),
    CONSTANT(INET_DIAG_BC_DEV_COND), CONSTANT(INET_DIAG_BC_MARK_COND),
    CONSTANT(INET_DIAG_BC_S_EQ), CONSTANT(INET_DIAG_BC_D_EQ), CONSTANT(INET_DIAG_BC_CGROUP_COND),
    CONSTANT(SK_MEMINFO_RMEM_ALLOC), CONSTANT(SK_MEMINFO_RCVBUF),
    CONSTANT(SK_MEMINFO_WMEM_ALLOC), CONSTANT(SK_MEMINFO_SNDBUF), CONSTANT(SK_MEMINFO_FWD_ALLOC),
    CONSTANT(SK_MEMINFO_WMEM_QUEUED), CONSTANT(SK_MEMINFO_OPTMEM), CONSTANT(SK_MEMINFO_BACKLOG),
    CONSTANT(SK_MEMINFO_DROPS), CONSTANT(UDIAG_SHOW_NAME), CONSTANT(UDIAG_SHOW_VFS),
    CONSTANT(UDIAG_SHOW_PEER), CONSTANT(UDIAG_SHOW_ICONS), CONSTANT(UDIAG_SHOW_RQLEN),
    CONSTANT(UDIAG_SHOW_MEMINFO), CONSTANT(UDIAG_SHOW_UID), CONSTANT(UNIX_DIAG_NAME),
    CONSTANT(UNIX_DIAG_VFS), CONSTANT(UNIX_DIAG_PEER), CONSTANT(UNIX_DIAG_ICONS),
    CONSTANT(UNIX_DIAG_RQLEN), CONSTANT(UNIX_DIAG_MEMINFO), CONSTANT(UNIX_DIAG_SHUTDOWN),
    CONSTANT(UNIX_DIAG_UID), CONSTANT(PACKET_SHOW_INFO), CONSTANT(PACKET_SHOW_RING_CFG),
    CONSTANT(PACKET_SHOW_FANOUT), CONSTANT(PACKET_SHOW_MEMINFO), CONSTANT(PACKET_SHOW_FILTER),
    CONSTANT(PACKET_DIAG_INFO), CONSTANT(PACKET_DIAG_MCLIST), CONSTANT(PACKET_DIAG_RX_RING),
    CONSTANT(PACKET_DIAG_TX_RING), CONSTANT(PACKET_DIAG_FANOUT), CONSTANT(PACKET_DIAG_UID),
    CONSTANT(PACKET_DIAG_MEMINFO), CONSTANT(PACKET_DIAG_FILTER), CONSTANT(RTM_GETLINK),
    CONSTANT(RTM_NEWLINK), CONSTANT(IFLA_IFNAME),
};

int oracle_header_version(void) { return LINUX_VERSION_CODE; }

static bool find(const struct named *list, size_t count, const char *name, long *value) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(list[i].name, name) != 0) continue;
    *value = list[i].value;
    return true;
  }
  return false;
}

bool oracle_size(const char *structure, int *bytes) {
  long size;
  if (!find(sizes, COUNT(sizes), structure, &size)) return false;
  *bytes = (int)size;
  return true;
}

bool oracle_constant(const char *name, long *value) {
  return find(constants, COUNT(constants), name, value);
}

bool oracle_field(const char *structure, const char *field, int *offset, int *width) {
  for (size_t i = 0; i < COUNT(fields); i++) {
    if (strcmp(fields[i].structure, structure) != 0 || strcmp(fields[i].name, field) != 0)
      continue;
    *offset = fields[i].offset;
    *width = fields[i].width;
    return true;
  }
  return false;
}

bool oracle_tcp_info_with_bits(const char *field, unsigned value, unsigned char *bytes) {
  struct tcp_info info = {0};
  if (strcmp(field, "tcpi_snd_wscale") == 0)
    info.tcpi_snd_wscale = value;
  else if (strcmp(field, "tcpi_rcv_wscale") == 0)
    info.tcpi_rcv_wscale = value;
  else if (strcmp(field, "tcpi_delivery_rate_app_limited") == 0)
    info.tcpi_delivery_rate_app_limited = value;
  else if (strcmp(field, "tcpi_fastopen_client_fail") == 0)
    info.tcpi_fastopen_client_fail = value;
  else
    return false;
  memcpy(bytes, &info, sizeof info);
  return true;
}
