"""The resource types that every provider speaks; a provider may extend them."""

from engine.model.unified.firewall import Firewall
from engine.model.unified.floating_ip import FloatingIp
from engine.model.unified.load_balancer import LoadBalancer
from engine.model.unified.network import Network
from engine.model.unified.server import Needs, Server
from engine.model.unified.ssh_key import SshKey
from engine.model.unified.subnet import Subnet
from engine.model.unified.volume import Volume

UNIFIED = {
    "network": Network,
    "subnet": Subnet,
    "firewall": Firewall,
    "ssh_key": SshKey,
    "server": Server,
    "volume": Volume,
    "floating_ip": FloatingIp,
    "load_balancer": LoadBalancer,
}

__all__ = [
    "UNIFIED",
    "Firewall",
    "FloatingIp",
    "LoadBalancer",
    "Needs",
    "Network",
    "Server",
    "SshKey",
    "Subnet",
    "Volume",
]
