import Testing

@testable import ProcNet

/// `/proc/PID/cgroup` as container managers write it. The identifiers are made up.
@Suite struct ProcessGroupNameTests {
  private static let id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  private static let short = "0123456789ab"
  private static let uid = "0f6c9b2e-1c2d-4e5f-8a9b-0c1d2e3f4a5b"
  private static let flat = "0f6c9b2e_1c2d_4e5f_8a9b_0c1d2e3f4a5b"
  private static let task = "34dc0b5e626f2c5c4c5170e34b10e765"

  struct Form: CustomTestStringConvertible, Sendable {
    var what: String
    var text: String
    var container: String?
    var service: String?
    var pod: String?
    var testDescription: String { what }

    init(
      _ what: String, _ text: String, _ container: String?, service: String? = nil,
      pod: String? = nil
    ) {
      self.what = what
      self.text = text
      self.container = container
      self.service = service
      self.pod = pod
    }
  }

  private static let docker: [Form] = [
    Form("docker, version 2, systemd driver", "0::/system.slice/docker-\(id).scope\n", short),
    Form("docker, version 2, cgroupfs driver", "0::/docker/\(id)\n", short),
    Form(
      "docker, version 1; version 2 bare",
      "12:pids:/docker/\(id)\n1:name=systemd:/docker/\(id)\n0::/\n", short),
    Form(
      "docker, version 1; version 2 left in the manager's service",
      """
      12:net_cls,net_prio:/docker/\(id)
      10:rdma:/
      1:name=systemd:/docker/\(id)
      0::/system.slice/containerd.service

      """, short),
    Form(
      "docker, only one controller names it",
      """
      5:devices:/user.slice
      4:memory:/docker/\(id)
      1:name=systemd:/system.slice/docker.service
      0::/system.slice/docker.service

      """, short),
    Form(
      "docker in docker", "0::/docker/\(id.reversed().map(String.init).joined())/docker/\(id)\n",
      short),
    Form(
      "systemd in docker", "0::/docker/\(id)/system.slice/web.service\n", short,
      service: "web.service"),
    Form("removed under it", "0::/system.slice/docker-\(id).scope (deleted)\n", short),
  ]

  private static let pods: [Form] = [
    Form(
      "containerd, cgroupfs form with colons",
      """
      1:name=systemd:/system.slice/containerd.service/\
      kubepods-burstable-pod\(flat).slice:cri-containerd:\(id)

      """, short, service: "containerd.service", pod: uid),
    Form(
      "pods in version 1, version 2 in kubelet's service",
      "5:pids:/kubepods/besteffort/pod\(uid)/\(id)\n0::/system.slice/k3s.service\n", short, pod: uid
    ),
    Form(
      "containerd, systemd driver",
      """
      0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod\(flat).slice/\
      cri-containerd-\(id).scope

      """, short, pod: uid),
    Form(
      "cri-o", "0::/kubepods.slice/kubepods-pod\(flat).slice/crio-\(id).scope\n", short, pod: uid),
    Form(
      "cri-o's monitor is in no container",
      "0::/kubepods.slice/kubepods-pod\(flat).slice/crio-conmon-\(id).scope\n", nil,
      service: "crio-conmon-\(id).scope", pod: uid),
    Form(
      "a node in a container (kind)",
      """
      0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/\
      kubelet-kubepods-besteffort-pod\(flat).slice/cri-containerd-\(id).scope

      """, short, pod: uid),
    Form(
      "relative, seen from a cgroup namespace",
      "0::/../../kubepods-besteffort-pod\(flat).slice/cri-containerd-\(id).scope\n", short, pod: uid
    ),
  ]

  private static let others: [Form] = [
    Form("podman", "0::/machine.slice/libpod-\(id).scope/container\n", short),
    Form("podman, cgroupfs", "0::/libpod_parent/libpod-\(id)\n", short),
    Form(
      "podman's monitor", "0::/machine.slice/libpod-conmon-\(id).scope\n", nil,
      service: "libpod-conmon-\(id).scope"),
    Form(
      "LXC", "0::/lxc.payload.web1/system.slice/nginx.service\n", "web1", service: "nginx.service"),
    Form("LXC, version 1", "2:pids:/lxc/web1\n1:name=systemd:/lxc/web1\n", "web1"),
    Form("LXC's monitor", "0::/lxc.monitor.web1\n", nil),
    Form(
      "nspawn", "0::/machine.slice/systemd-nspawn@deb.service/payload\n", "deb",
      service: "systemd-nspawn@deb.service"),
    Form(
      "virtual machine", #"0::/machine.slice/machine-qemu\x2d1\x2dweb.scope/emulator"# + "\n",
      "qemu-1-web"),
    Form(
      "virtual machine without systemd", "3:cpu:/machine/web.libvirt-qemu/emulator\n0::/\n", "web"),
    Form("ECS", "9:perf_event:/ecs/\(uid)/\(id)\n", short),
    Form("ECS, newer", "0::/ecs/\(task)/\(task)-1234567890\n", "\(task)-1234567890"),
    Form("a plain service", "0::/system.slice/nginx.service\n", nil, service: "nginx.service"),
    Form(
      "a service on a hybrid host",
      "4:memory:/system.slice/nginx.service\n1:name=systemd:/system.slice/nginx.service\n0::/\n",
      nil,
      service: "nginx.service"),
    Form("no group at all", "0::/\n", nil),
    Form("nothing", "", nil),
  ]

  @Test("containers, pods and services", arguments: docker + pods + others)
  func forms(form: Form) {
    let name = CgroupName(of: ProcCgroup(Array(form.text.utf8)))
    #expect(name.container == form.container)
    #expect(name.service == form.service)
    #expect(name.pod == form.pod)
  }

  @Test("a service below a folder that is not UTF-8 keeps its bytes")
  func raw() {
    let path = Array("0::/hb".utf8) + [0xE9] + Array("/w".utf8) + [0xFF] + Array(".service\n".utf8)
    let name = CgroupName(of: ProcCgroup(path))
    #expect(name.service?.rawBytes == Array("w".utf8) + [0xFF] + Array(".service".utf8))
  }
}
