"""What is reached from this network namespace: reach.py PORT ADDRESSES NAMESERVERS (both with commas). Prints JSON."""

import json
import socket
import sys

port = int(sys.argv[1])
addresses, servers = ([item for item in argument.split(",") if item] for argument in sys.argv[2:4])
QUESTION = b"\0\1\1\0\0\1\0\0\0\0\0\0" + b"".join(bytes([len(part)]) + part for part in (b"outside", b"invalid", b"")) + b"\0\1\0\1"


def connects(address):
    try:
        socket.create_connection((address, port), 3).close()
        return True
    except OSError:
        return False


def send(address, target, data):
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(2)
        try:
            sender.sendto(data, (address, target))
            sender.recv(512)
        except OSError:
            pass  # what counts is what arrives


for address in addresses:
    send(address, 9000, b"outside")
for server in servers:
    send(server, 53, QUESTION)
print(json.dumps({"tcp": {address: connects(address) for address in addresses}}))
