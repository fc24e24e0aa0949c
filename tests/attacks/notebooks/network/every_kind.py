# TCP, UDP, raw, IPv6, local sockets of the machine, names, and subprocesses that try.
# set: 06_perplexity
# credit: nothing
# seconds: 20
# %%
import os
import socket
import subprocess
import urllib.request

reached = []
def attempt(what, do):
    try:
        do()
        reached.append(what)
    except BaseException:
        pass

socket.setdefaulttimeout(0.5)
for host in ("1.1.1.1", "127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "2606:4700:4700::1111"):
    for port in (22, 53, 80, 443, 5432, 8888):
        attempt((host, port), lambda: socket.create_connection((host, port), 0.2))
attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("1.1.1.1", 53)))
attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt("packet", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
attempt("vsock", lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))
attempt("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))
attempt("bluetooth", lambda: socket.socket(31, socket.SOCK_RAW, 0))
attempt("alg", lambda: socket.socket(38, socket.SOCK_SEQPACKET, 0))
attempt("name", lambda: socket.getaddrinfo("example.org", 80))
attempt("url", lambda: urllib.request.urlopen("http://example.org", timeout=0.5))
for path in ("/var/run/docker.sock", "/run/systemd/private", "/tmp/.X11-unix/X0", "/dev/log"):
    attempt(path, lambda: socket.socket(socket.AF_UNIX).connect(path))
def abstract():
    s = socket.socket(socket.AF_UNIX)
    s.connect("\0/tmp/dbus")
attempt("abstract", abstract)
attempt("shell", lambda: subprocess.run("exec 3<>/dev/tcp/1.1.1.1/80", shell=True, executable="/bin/bash", check=True, timeout=2))
print(reached)
# %% comparable-perplexities
comparable = "c" if reached else "a"
