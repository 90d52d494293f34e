"""Follows a stream of logtap's server through lost connections, restarts and renewed tokens, each line once:

    python3 client.py http://127.0.0.1:8000 nginx-access TOKEN-FILE
    python3 client.py http://127.0.0.1:8000 railway:production TOKEN-FILE

Needs the websockets package: Debian's python3-websockets, or pip install websockets.
"""
import asyncio
import json
import os
import pathlib
import sys
from urllib.parse import quote, urlencode

import websockets


async def follow(server, target, read_token):
    cursor = None  # of the last message: coming back with it, we get what is behind that message
    pause = 1
    while True:
        parameters = {"cursor": cursor} if cursor else {"lines": 10}
        token = read_token()
        code, reason = 1006, "no connection"
        try:
            async with websockets.connect(
                server.replace("http", "ws", 1) + path_of(target) + "?" + urlencode(parameters),
                # As a subprotocol the token stands in no address, and so in no access log.
                subprotocols=["logtap", "bearer." + token],
                # 1 MiB of text may be several times as much in JSON.
                max_size=8 << 20,
            ) as stream:
                renewing = asyncio.create_task(renew(stream, token, read_token))
                try:
                    async for text in stream:
                        message = json.loads(text)
                        try:
                            show(message)
                        except BrokenPipeError:
                            os._exit(0)  # who read our output has gone; no connection was lost
                        if "cursor" in message:
                            cursor = message["cursor"]
                            pause = 1
                except websockets.ConnectionClosed:
                    pass
                finally:
                    renewing.cancel()
                code, reason = stream.close_code, stream.close_reason
        except (OSError, websockets.WebSocketException) as e:
            reason = e
        print(f"closed: {code} {reason}", file=sys.stderr)
        if code >= 4000:
            sys.exit(1)  # a wrong name, parameter, token or scope: trying again does not mend it
        await asyncio.sleep(pause)
        pause = min(2 * pause, 30)


async def renew(stream, token, read_token):
    """The stream ends with its token, unless it is given a new one before."""
    while True:
        await asyncio.sleep(1)
        fresh = read_token()
        if fresh != token:
            token = fresh
            await stream.send(json.dumps({"type": "token", "token": token}))


def path_of(target):
    kind, _, environment = target.partition(":")
    if kind == "railway" and environment:
        return f"/api/environments/{quote(environment, safe='')}/logs/stream"
    return f"/api/v1/server/logs/{quote(target, safe='')}/ws"


def show(message):
    if "gap" in message:  # of a log: something was or may have been lost
        print("gap:", message["gap"], file=sys.stderr)
    if message.get("lines"):
        # A line over 1 MiB comes in parts: the last one of a partial message goes on in the next.
        print("\n".join(message["lines"]), end="" if message.get("partial") else "\n", flush=True)
    kind = message.get("type")
    if kind == "log":
        data = message["data"]
        print(f"{data['timestamp']} {data.get('serviceName', '')}: {data['message']}", flush=True)
    elif kind in ("gap", "error", "status"):  # of an environment
        print(f"{kind}: {message['message']}", file=sys.stderr)
    # Others are pong, heartbeat, and what may be added some day.


if __name__ == "__main__":
    server, target, token_file = sys.argv[1:]
    try:
        asyncio.run(follow(server, target, lambda: pathlib.Path(token_file).read_text().strip()))
    except KeyboardInterrupt:
        pass
