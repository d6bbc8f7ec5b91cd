"""What a desktop offers to an app on Linux, on a session bus of its own: notifications, a place for tray icons and a
key store. The first two are python3-dbusmock's, the last one is gnome-keyring. Driven by JSON lines.

usage: desktop.py FOLDER [tray] [keyring]

Prints {"event": "ready", "address": …} with the bus's address. Each line of stdin is a command: {"do":
"notifications"} is answered by all that was shown, closed ones too; {"do": "click", "argument": n} clicks the nth of
them. Ends, with everything it started, when stdin closes.
"""

import json
import os
import subprocess
import sys

import dbus
import dbusmock

NOTIFICATIONS = "org.freedesktop.Notifications"
TRAY = "org.kde.StatusNotifierWatcher"
MOCK = dbusmock.MOCK_IFACE
# As GNOME's and KDE's have them.
CAPABILITIES = {"capabilities": "actions body body-markup body-hyperlinks persistence"}


def say(**what):
    print(json.dumps(what), flush=True)


class Desktop(dbusmock.DBusTestCase):
    """Never run as a test: it is the library's way to a bus and to servers on it."""

    def start(self, folder, offers):
        self.start_session_bus()
        self.bus = self.get_dbus()
        self.log = open(os.path.join(folder, "notifications.log"), "w", encoding="utf8")
        self.servers = [self.spawn_server_template("notification_daemon", CAPABILITIES, stdout=self.log)[0]]
        if "tray" in offers:
            self.servers.append(self.spawn_server(TRAY, "/StatusNotifierWatcher", TRAY, stdout=self.log))
            watcher = dbus.Interface(self.bus.get_object(TRAY, "/StatusNotifierWatcher"), MOCK)
            watcher.AddMethod(TRAY, "RegisterStatusNotifierItem", "s", "", "")
            watcher.AddProperty(TRAY, "IsStatusNotifierHostRegistered", True)
            watcher.AddProperty(TRAY, "ProtocolVersion", dbus.Int32(0))
        if "keyring" in offers:
            self.servers.append(keyring(folder))

    def calls(self):
        daemon = dbus.Interface(self.bus.get_object(NOTIFICATIONS, "/org/freedesktop/Notifications"), MOCK)
        return [args for _when, name, args in daemon.GetCalls() if name == "Notify"]

    def notifications(self, _argument):
        # Notify(app, replaces, icon, summary, body, actions, hints, timeout)
        return [{"title": str(c[3]), "body": str(c[4]), "actions": [str(a) for a in c[5]]} for c in self.calls()]

    def click(self, at):
        """Ids count from 1; one that replaces another has that one's."""
        shown = []
        for call in self.calls():
            shown.append(int(call[1]) or len(set(shown)) + 1)
        daemon = dbus.Interface(self.bus.get_object(NOTIFICATIONS, "/org/freedesktop/Notifications"), MOCK)
        daemon.EmitSignal(NOTIFICATIONS, "ActionInvoked", "us", [dbus.UInt32(shown[at]), "default"])

    def stop(self):
        for server in self.servers:
            server.terminate()
            server.wait()


def keyring(folder):
    """gnome-keyring with a new, open collection: an empty password needs nobody to type it."""
    env = {**os.environ, "HOME": folder, "XDG_DATA_HOME": folder, "XDG_RUNTIME_DIR": folder}
    program = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
    daemon = subprocess.Popen(program, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    daemon.stdin.write(b"\n")
    daemon.stdin.close()
    Desktop.wait_for_bus_object("org.freedesktop.secrets", "/org/freedesktop/secrets/aliases/default")
    return daemon


def main(folder, offers):
    Desktop.setUpClass()
    desktop = Desktop()
    desktop.start(folder, offers)
    say(event="ready", address=os.environ["DBUS_SESSION_BUS_ADDRESS"])
    for line in sys.stdin:
        command = json.loads(line)
        result = {"notifications": desktop.notifications, "click": desktop.click}[command["do"]](command["argument"])
        say(event="answer", result=result)
    desktop.stop()
    Desktop.tearDownClass()


main(sys.argv[1], sys.argv[2:])
