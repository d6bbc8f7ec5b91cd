// What Chromium and the desktop's libraries write to stderr about themselves is not for people: it is left out, all
// else passes, line by line.
import { createInterface } from 'node:readline';

const noise = [
  // [1234:0101/120000.123456:ERROR:file.cc(12)] …, but not FATAL: that is why it ended.
  /^\[\d+:(\d+:)?\d{4}\/\d{6}\.\d+:(VERBOSE\d*|INFO|WARNING|ERROR):/,
  /^\(?[\w./-]+:\d+\)?: (Gtk|Gdk|GLib|GLib-GObject|dconf|libnotify|Pango|IBUS|libayatana-appindicator)[\w-]*-?(WARNING|CRITICAL|Message|DEBUG|INFO)/i,
  /^(libva (info|error)|MESA(-LOADER)?:|libEGL|libGL|Fontconfig (warning|error)|ATTENTION: default value of option)/,
  /^\(electron\) |^\(node:\d+\) (\[[A-Z]+\d+\] )?(ExperimentalWarning|DeprecationWarning)|^\(Use `[\w.-]+ --trace-(warnings|deprecation)/,
  /^(DevTools listening on|Debugger (listening|attached)|For help, see: https:\/\/nodejs\.org|Waiting for the debugger)/,
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [\w ]+\[\d+:\d+\] /,
];

/** @param {string} line */
export const isNoise = (line) => line.trim() === '' || noise.some((pattern) => pattern.test(line));

/** Passes a program's stderr on without the noise; all of it with ELECTRON_ENABLE_LOGGING. */
export function passWithoutNoise(from, to = process.stderr) {
  if (process.env.ELECTRON_ENABLE_LOGGING) {
    from.pipe(to, { end: false });
    return;
  }
  createInterface({ input: from, crlfDelay: Infinity }).on('line', (line) => {
    if (!isNoise(line)) to.write(`${line}\n`);
  });
}
