"""A messenger that is not ours, for the integration tests: slixmpp, driven by JSON lines on stdin and stdout.

usage: foreign-peer.py ADDRESS PASSWORD PORT CERTIFICATE

PORT takes direct TLS on 127.0.0.1. Prints {"event": "ready"} once the session is up. Then each line of stdin is a
command: {"do": "text", "to": …, "body": …, "id": …} or {"do": "photo", "to": …, "path": …, "type": …, "id": …}
(XEP-0363 slot, PUT, and the URL as body and as XEP-0066 data), {"do": "element", "to": …, "xml": …, "id": …} (a chat
message with this one element, and "body" where it has one), {"do": "upload", "path": …, "type": …} (answered with
the address as "value"), {"do": "settled", "id": …}, answered by {"event": "sent", "id": …} or
{"event": "failed", "id": …, "why": …}. Each message that arrives is printed, repeats too: it never drops one.
"""

import asyncio
import base64
import hashlib
import json
import os
import re
import socket
import ssl
import sys
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import aiohttp
from slixmpp import ClientXMPP

DOMAIN = "localhost"


def say(**what):
    print(json.dumps(what), flush=True)


def register(user, password, port, certificate):
    """XEP-0077 by hand: slixmpp's own force_registration never gets its query out."""
    context = ssl.create_default_context(cafile=certificate)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
        with context.wrap_socket(plain, server_hostname=DOMAIN) as stream:
            stream.sendall(
                f"<stream:stream to='{DOMAIN}' version='1.0' xmlns='jabber:client' "
                "xmlns:stream='http://etherx.jabber.org/streams'>".encode()
            )
            read_until(stream, r"</stream:features>")
            stream.sendall(
                "<iq type='set' id='register'><query xmlns='jabber:iq:register'>"
                f"<username>{escape(user)}</username><password>{escape(password)}</password></query></iq>".encode()
            )
            answer = read_until(stream, r"<iq[^>]*(/>|>[\s\S]*</iq>)")
            if not re.search(r"type=['\"]result['\"]", answer) and "conflict" not in answer:
                raise RuntimeError(f"registration refused: {answer}")
            stream.sendall(b"</stream:stream>")


def read_until(stream, pattern):
    text = ""
    while not re.search(pattern, text):
        data = stream.recv(65536)
        if not data:
            raise RuntimeError(f"the stream ended: {text}")
        text += data.decode()
    return text


class Peer(ClientXMPP):
    def __init__(self, address, password, certificate):
        super().__init__(address, password)
        self.ca_certs = certificate
        # Receipts (0184) are answered by the plugin itself; 0363 and 0066 carry photos.
        for plugin in ("xep_0030", "xep_0066", "xep_0184", "xep_0191", "xep_0199", "xep_0308", "xep_0359", "xep_0363"):
            self.register_plugin(plugin)
        self.ended = asyncio.get_event_loop().create_future()
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("message", self.on_message)
        self.add_event_handler("disconnected", self.on_end)
        self.add_event_handler("failed_all_auth", self.on_end)

    async def on_start(self, _event):
        await self.get_roster()
        self.send_presence()
        say(event="ready", address=str(self.boundjid))

    def on_message(self, message):
        origin = message.xml.find("{urn:xmpp:sid:0}origin-id")
        say(
            event="message",
            type=message["type"],
            sender=message["from"].bare,
            id=message["id"],
            originId=None if origin is None else origin.get("id"),
            body=message["body"],
            url=message["oob"]["url"] or None,
            xml=ElementTree.tostring(message.xml, encoding="unicode"),
            delayed=message.xml.find("{urn:xmpp:delay}delay") is not None,
        )

    def on_end(self, reason=None):
        if not self.ended.done():
            self.ended.set_result(str(reason))

    async def let_in(self, command):
        await self.update_roster(command["to"], timeout=30)

    async def text(self, command):
        message = self.make_message(command["to"], command["body"], mtype="chat")
        message["id"] = command["id"]
        message.send()

    async def upload(self, command):
        with open(command["path"], "rb") as file:
            data = file.read()
        name = os.path.basename(command["path"])
        slot = await self["xep_0363"].request_slot(f"upload.{DOMAIN}", name, len(data), command["type"], timeout=30)
        put, get = slot["http_upload_slot"]["put"], slot["http_upload_slot"]["get"]["url"]
        headers = {header["name"]: header["value"] for header in put["headers"]}
        headers["Content-Type"] = command["type"]
        async with aiohttp.ClientSession() as session:
            async with session.put(put["url"], data=data, headers=headers) as answer:
                if answer.status not in (200, 201):
                    raise RuntimeError(f"upload: status {answer.status}")
        return data, get

    async def address_of_upload(self, command):
        _data, get = await self.upload(command)
        return get

    async def photo(self, command):
        _data, get = await self.upload(command)
        message = self.make_message(command["to"], get, mtype="chat")
        message["id"] = command["id"]
        message["oob"]["url"] = get
        message.send()

    async def sticker(self, command):
        """XEP-0449 section 4.4, written by hand: slixmpp 1.8 has no plugin for it."""
        data, get = await self.upload(command)
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        message = self.make_message(command["to"], command["body"], mtype="chat")
        message["id"] = command["id"]
        message.xml.append(ElementTree.fromstring("<sticker xmlns='urn:xmpp:stickers:0' pack='EpRv28DHHzFrE4zd+xaNpVb4'/>"))
        message.xml.append(
            ElementTree.fromstring(
                "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:metadata:0'>"
                f"<media-type>{command['type']}</media-type><desc>{command['body']}</desc><size>{len(data)}</size>"
                f"<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>{digest}</hash></file><sources>"
                f"<url-data xmlns='http://jabber.org/protocol/url-data' target='{escape(get)}'/></sources></file-sharing>"
            )
        )
        message.send()

    async def settled(self, _command):
        # A server works through one stream in order: with the pong, all before it has gone its way.
        await self["xep_0199"].ping(DOMAIN, timeout=60)

    async def element(self, command):
        message = self.make_message(command["to"], command.get("body"), mtype="chat")
        message["id"] = command["id"]
        message.xml.append(ElementTree.fromstring(command["xml"]))
        message.send()

    async def say(self, command):
        message = self.make_message(command["to"], command["body"], mtype="chat")
        message["id"] = command["as"]
        if command["replaces"]:
            message["replace"]["id"] = command["replaces"]
        message.send()

    async def unsend(self, command):
        # The plugin of this version speaks the retraction of before: written by hand.
        message = self.make_message(command["to"], "/me retracted a previous message", mtype="chat")
        message["id"] = command["id"]
        for xml in (
            f"<retract xmlns='urn:xmpp:message-retract:1' id='{command['target']}'/>",
            "<store xmlns='urn:xmpp:hints'/>",
        ):
            message.xml.append(ElementTree.fromstring(xml))
        message.send()

    async def block(self, command):
        await self["xep_0191"].block(command["to"])

    async def obey(self, line):
        command = json.loads(line)
        try:
            value = await getattr(self, {"text": "text", "photo": "photo", "upload": "address_of_upload", "sticker": "sticker", "letIn": "let_in", "element": "element", "settled": "settled", "block": "block", "say": "say", "unsend": "unsend"}[command["do"]])(command)
            say(event="sent", id=command["id"], **({} if value is None else {"value": value}))
        except Exception as problem:  # whatever it was: the test that asked reports it
            say(event="failed", id=command.get("id"), why=f"{type(problem).__name__}: {problem}")


async def listen(peer):
    """Obeys stdin line by line until it closes."""
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_event_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        await peer.obey(line)


async def main(address, password, port, certificate):
    register(address.partition("@")[0], password, port, certificate)
    peer = Peer(address, password, certificate)
    peer.connect(("127.0.0.1", port), use_ssl=True, disable_starttls=True)
    commands = asyncio.ensure_future(listen(peer))
    await asyncio.wait({commands, peer.ended}, return_when=asyncio.FIRST_COMPLETED)
    if peer.ended.done():
        say(event="ended", why=peer.ended.result())
        sys.exit(1)
    await peer.disconnect(wait=2)


asyncio.get_event_loop().run_until_complete(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
