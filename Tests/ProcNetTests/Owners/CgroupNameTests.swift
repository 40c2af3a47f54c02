import Testing

@testable import ProcNet

@Suite struct ControlGroupNameTests {
  private static let id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  private static let uid = "0f6c9b2e-1c2d-4e5f-8a9b-0c1d2e3f4a5b"
  private static let flat = "0f6c9b2e_1c2d_4e5f_8a9b_0c1d2e3f4a5b"

  private func name(_ path: String) -> CgroupName {
    CgroupName(path: Array(path.utf8))
  }

  @Test(arguments: [
    ("/", nil),
    ("/init.scope", "init.scope"),
    ("/system.slice/nginx.service", "nginx.service"),
    ("/system.slice/nginx.service/workers", "nginx.service"),
    ("/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service"),
    ("/system.slice/dbus.socket", "dbus.socket"),
    ("/user.slice/user-1000.slice/session-3.scope", "session-3.scope"),
    ("/user.slice/user-1000.slice/user@1000.service/app.slice/app-x.service", "app-x.service"),
    ("/user.slice/user-1000.slice/user@1000.service/app.slice", "user@1000.service"),
    ("/user.slice/user-1000.slice", "user-1000.slice"),
    ("/system.slice/_cpu.service", "cpu.service"),
    (#"/system.slice/my\x2dapp.service"#, "my-app.service"),
    (#"/system.slice/a\x2.service"#, #"a\x2.service"#),
    (#"/system.slice/a\xzz.service"#, #"a\xzz.service"#),
    ("/x/.service", nil),
    ("/plain/folders", nil),
  ])
  func `the innermost systemd unit is the service`(path: String, service: String?) {
    #expect(name(path).service == service)
    #expect(name(path).container == nil)
  }

  @Test(arguments: [
    ("/system.slice/docker-\(id).scope", "docker"),
    ("/docker/\(id)", "docker"),
    ("/machine.slice/libpod-\(id).scope", "podman"),
    ("/machine.slice/libpod-\(id).scope/container", "podman"),
    ("/libpod_parent/libpod-\(id)", "podman"),
    ("/crio-\(id)", "cri-o"),
    ("/system.slice/nerdctl-\(id).scope", "containerd"),
    ("/ecs/a1b2/\(id)", nil),
  ])
  func `a container is told by the first 12 digits of its number`(path: String, runtime: String?) {
    #expect(name(path).container == "0123456789ab")
    #expect(name(path).runtime == runtime)
    #expect(name(path).pod == nil)
    #expect(name(path).service == nil)
  }

  @Test(arguments: [
    "/kubepods/burstable/pod\(uid)/\(id)",
    "/kubepods/pod\(uid)/\(id)",
    "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod\(flat).slice/"
      + "cri-containerd-\(id).scope",
    "/kubepods.slice/kubepods-pod\(flat).slice/crio-\(id).scope",
    "/system.slice/containerd.service/kubepods-besteffort-pod\(flat).slice:cri-containerd:\(id)",
  ])
  func `a pod's container tells the pod too`(path: String) {
    #expect(name(path).pod == Self.uid)
    #expect(name(path).container == "0123456789ab")
  }

  @Test func `a static pod has a number without groups`() {
    let digits = String(Self.id.prefix(32))
    #expect(name("/kubepods/burstable/pod\(digits)/\(Self.id)").pod == digits)
    #expect(name("/kubepods/podium/x").pod == nil)
  }

  @Test func `a service inside a container is told together with it`() {
    let found = name("/docker/\(Self.id)/system.slice/nginx.service")
    #expect(found.service == "nginx.service")
    #expect(found.container == "0123456789ab")
  }

  @Test func `of containers inside containers the innermost counts`() {
    let inner = String(repeating: "f", count: 64)
    #expect(name("/docker/\(Self.id)/docker/\(inner)").container == "ffffffffffff")
  }

  @Test func `the monitor beside a container is not in it`() {
    let found = name("/machine.slice/libpod-conmon-\(Self.id).scope")
    #expect(found.container == nil)
    #expect(found.service == "libpod-conmon-\(Self.id).scope")
    #expect(name("/lxc.monitor.web").container == nil)
  }

  @Test(
    arguments: [
      ("/lxc/web", "web", "lxc", nil),
      ("/lxc.payload.web", "web", "lxc", nil),
      ("/lxc.payload/web/system.slice/a.service", "web", "lxc", "a.service"),
      (#"/machine.slice/machine-qemu\x2d1\x2ddb.scope"#, "qemu-1-db", "machine", nil),
      ("/machine.slice/systemd-nspawn@web.service", "web", "machine", "systemd-nspawn@web.service"),
    ] as [(String, String, String, String?)])
  func `named containers and machines keep their name`(
    path: String, container: String, runtime: String, service: String?
  ) {
    #expect(name(path).container == container)
    #expect(name(path).runtime == runtime)
    #expect(name(path).service == service)
  }

  @Test func `numbers that are not 64 lower-case hexadecimal digits are no container`() {
    #expect(name("/docker/\(Self.id.dropLast())").container == nil)
    #expect(name("/docker/\(Self.id.dropLast())g").container == nil)
    #expect(name("/docker/\(Self.id.uppercased())").container == nil)
  }

  @Test func `no bytes make it trap`() {
    var state: UInt64 = 42
    let pieces =
      [
        "/", "_", "\\x2", "docker-", Self.id, ".scope", "pod", ":", "kubepods-", ".slice", "lxc",
        ".service", "\u{1b}", "-",
      ].map { Array($0.utf8) } + [[0xFF, 0x00]]
    for _ in 0..<2000 {
      var path: [UInt8] = []
      for _ in 0..<6 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        path += pieces[Int(state >> 33) % pieces.count]
      }
      let found = CgroupName(path: path)
      #expect((found.container?.utf8.count ?? 0) <= path.count * 3, "\(path)")
    }
  }
}
