#!/usr/bin/env python3
"""A network between worker and server that breaks on demand: proxy.py SERVER-SOCKET [ADDRESS]

Listens on two free TCP ports, which it prints as "PORT CONTROL"; ADDRESS (default 127.0.0.1) is where clients reach it.
A line sent to the control port changes what it does, and is answered with "ok CONNECTIONS-OPEN":
  pass         forward (the start); connections that have lost bytes stay half-open for ever, as in life
  refuse       reset every connection, accept no more
  cut          reset every connection, go on
  black        take what comes and forward nothing, either way; new connections are accepted and never answered
  black_up     the same for what the worker says alone: the server hears nothing
  black_down   the same for what the server says alone: the worker hears nothing
  freeze [TEXT] make the open connections whose first words contain TEXT (an application_name) half-open for ever; new ones work
  stall TEXT   connections made from now on whose first words contain TEXT are taken nothing from any more as soon as the
               worker says more than 64 KiB: its kernel keeps the rest, acknowledged by nobody; "stall" alone ends that
  delay MS     hold every piece back for so long
Pure standard library.
"""
import asyncio
import socket
import struct
import sys


class Proxy:
    def __init__(self, server):
        self.server = server
        self.mode = "pass"
        self.delay_s = 0.0
        self.stalled = None
        self.links = set()

    def loses(self, way):
        return self.mode == "black" or self.mode == f"black_{way}"

    async def accept(self, reader, writer):
        if self.mode == "refuse":
            reset(writer)
            return
        link = Link(self, writer)
        self.links.add(link)
        try:
            if self.loses("up"):
                link.half_open = True
                await link.swallow(reader)
            else:
                await link.run(reader)
        except OSError:
            pass
        finally:
            self.links.discard(link)
            link.reset()

    async def control(self, reader, writer):
        while line := await reader.readline():
            words = line.decode().split()
            if words[0] in ("cut", "refuse"):
                for link in list(self.links):
                    link.reset()
            if words[0] == "freeze":
                for link in self.links:
                    link.half_open = link.half_open or " ".join(words[1:]).encode() in link.opening
            elif words[0] == "stall":
                self.stalled = " ".join(words[1:]).encode() or None
            elif words[0] == "delay":
                self.delay_s = float(words[1]) / 1000
            elif words[0] != "cut":
                self.mode = words[0]
            writer.write(f"ok {len(self.links)}\n".encode())
            await writer.drain()
        writer.close()


class Link:
    def __init__(self, proxy, client):
        self.proxy = proxy
        self.client = client
        self.upstream = None
        self.opening = b""  # what the client said first
        self.half_open = False  # bytes were lost: nothing may follow them
        self.said = 0  # bytes by the client

    async def run(self, reader):
        up_reader, self.upstream = await asyncio.open_unix_connection(self.proxy.server)
        ways = [asyncio.create_task(self.carry(reader, self.upstream, "up")),
                asyncio.create_task(self.carry(up_reader, self.client, "down"))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()

    async def carry(self, reader, writer, way):
        while data := await reader.read(65536):
            if way == "up" and not self.opening:
                self.opening = data
            if way == "up":
                self.said += len(data)
                if self.said > 65536 and self.proxy.stalled and self.proxy.stalled in self.opening:
                    self.client.transport.pause_reading()
                    await asyncio.Event().wait()
            if self.proxy.delay_s:
                await asyncio.sleep(self.proxy.delay_s)
            if self.half_open or self.proxy.loses(way):
                self.half_open = True
                continue
            writer.write(data)
            await writer.drain()
        if self.half_open or self.proxy.loses(way):  # an end that is not heard of either
            await asyncio.Event().wait()

    async def swallow(self, reader):
        while await reader.read(65536):
            pass

    def reset(self):
        for writer in (self.client, self.upstream):
            if writer:
                reset(writer)


def reset(writer):
    raw = writer.get_extra_info("socket")
    if raw is not None and raw.family != socket.AF_UNIX:
        try:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # RST, not FIN
        except OSError:
            pass
    writer.transport.abort()


async def main():
    proxy = Proxy(sys.argv[1])
    address = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
    clients = await asyncio.start_server(proxy.accept, address, 0)
    control = await asyncio.start_server(proxy.control, "127.0.0.1", 0)
    print(clients.sockets[0].getsockname()[1], control.sockets[0].getsockname()[1], flush=True)
    async with clients, control:
        await asyncio.gather(clients.serve_forever(), control.serve_forever())


asyncio.run(main())
