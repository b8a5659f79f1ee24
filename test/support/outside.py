"""The nearest host of the outside world (outside.ts): answers on a port and says of each packet that arrives where it is from and to."""

import json
import socket
import sys
import threading

PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmp6"}


def serve(server):
    while True:
        server.accept()[0].close()


def packet_of(kind, data):
    if kind == 0x0800:
        source, target = (socket.inet_ntop(socket.AF_INET, data[at : at + 4]) for at in (12, 16))
        protocol, rest = data[9], data[(data[0] & 15) * 4 :]
    else:
        source, target = (socket.inet_ntop(socket.AF_INET6, data[at : at + 16]) for at in (8, 24))
        protocol, rest = data[6], data[40:]
    port = int.from_bytes(rest[2:4], "big") if protocol in (6, 17) else 0
    return {"from": source, "to": target, "protocol": PROTOCOLS.get(protocol, str(protocol)), "port": port}


for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
    server = socket.create_server((address, int(sys.argv[1])), family=family)
    threading.Thread(target=serve, args=[server], daemon=True).start()
# AF_PACKET sees what arrives, whether or not anybody listens.
raw = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0003))
print("ready", flush=True)
while True:
    data, (_, kind, direction, *_) = raw.recvfrom(65535)
    if direction != socket.PACKET_OUTGOING and kind in (0x0800, 0x86DD):
        print(json.dumps(packet_of(kind, data)), flush=True)
