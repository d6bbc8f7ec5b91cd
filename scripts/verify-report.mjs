#!/usr/bin/env node
// npm run verify-report -- FILE.zip: says whether a report that Postcard exported was changed, and which part of it.
// One file without any package, for Node 18 and newer, so that it can be handed on together with a report.
//
// Ends with 0: unchanged. 1: changed, or no report of Postcard's. 2: could not be read, or used wrongly. 3: unchanged,
// and some files had been lost before it was exported, which the report itself says.
//
// A ZIP of Postcard's has no compression, no gaps and fixed headers: a byte that is anything else is found wherever
// it is. That also leaves no room for what hostile archives do: nothing is unpacked or written, names are compared
// with a list, entries may not overlap, repeat or be missing, and no size is believed.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A part that is not as it was; the text says which. */
class Altered extends Error {}

/** Bytes. What is read as a whole: texts, never pictures. */
const TEXT_MAX = 256 * 1024 * 1024;
const PIECE = 1 << 20;
const ENTRIES_MAX = 10_000;
const TEXTS = ['index.html', 'incident.json', 'manifest.json', 'notes.html', 'notes.json', 'checksums.json'];
/** What the manifest, and with it the fingerprint, stands for beside the media. */
const SEALED = ['incident.json', 'index.html'];
const MEDIA = /^media\/\d{3,5}\.[a-z0-9]{2,4}$/;

/** MS-DOS date and time of all entries: 1980-01-01 00:00. */
const STAMP = 0x00210000;

const crcTable = Int32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

function crcOn(crc, bytes) {
  let c = crc;
  for (const byte of bytes) c = (c >>> 8) ^ crcTable[(c ^ byte) & 0xff];
  return c;
}

/** The same few lines as in main/features/reports/canonical.ts. */
export function canonicalJson(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(',')}}`;
}

const sha256Of = (data) => createHash('sha256').update(data).digest('hex');
const must = (fine, part, why) => {
  if (!fine) throw new Altered(`${part}: ${why}`);
};

/** Reads pieces of a file by place. */
function reader(file) {
  const { size } = fstatSync(file);
  const at = (place, length, part) => {
    must(place >= 0 && length >= 0 && place + length <= size, part, 'the file ends too early');
    const piece = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const read = readSync(file, piece, done, length - done, place + done);
      must(read > 0, part, 'the file ends too early');
      done += read;
    }
    return piece;
  };
  return { size, at };
}

/** The list of entries at the end (APPNOTE 4.3.12, 4.3.16), held to the one form that Postcard writes. */
function readDirectory(zip) {
  const where = 'the archive’s list of files';
  must(zip.size >= 22, where, 'this is no ZIP file');
  const end = zip.at(zip.size - 22, 22, where);
  must(end.readUInt32LE(0) === 0x06054b50, where, 'its end is not where it was, or this is no ZIP file');
  const [count, again] = [end.readUInt16LE(8), end.readUInt16LE(10)];
  const [length, start] = [end.readUInt32LE(12), end.readUInt32LE(16)];
  must(end.readUInt32LE(4) === 0 && end.readUInt16LE(20) === 0, where, 'its end was changed');
  must(count === again && count > 0 && count <= ENTRIES_MAX, where, 'the number of files was changed');
  must(start + length + 22 === zip.size && length <= count * 128, where, 'its place or length was changed');
  const list = zip.at(start, length, where);
  const entries = [];
  let at = 0;
  for (let n = 0; n < count; n += 1) {
    must(at + 46 <= length, where, 'it ends too early');
    const entry = readListed(list.subarray(at), where);
    entries.push(entry);
    at += 46 + entry.name.length;
  }
  must(at === length, where, 'there is something behind its last file');
  return { entries, start };
}

function readListed(bytes, where) {
  const nameLength = bytes.readUInt16LE(28);
  must(
    bytes.readUInt32LE(0) === 0x02014b50 && nameLength <= 64 && bytes.length >= 46 + nameLength,
    where,
    'it was changed',
  );
  const name = bytes.toString('latin1', 46, 46 + nameLength);
  must(
    TEXTS.includes(name) || MEDIA.test(name),
    where,
    `it names ${JSON.stringify(name)}, which is no part of a report`,
  );
  const fixed =
    bytes.readUInt16LE(4) === 20 &&
    bytes.readUInt16LE(6) === 20 &&
    bytes.readUInt16LE(8) === 8 &&
    bytes.readUInt16LE(10) === 0 &&
    bytes.readUInt32LE(12) === STAMP &&
    bytes.readUInt32LE(30) === 0 &&
    bytes.readUInt32LE(34) === 0 &&
    bytes.readUInt32LE(38) === 0;
  must(fixed, name, 'what the archive says of it was changed, or another program packed it again');
  must(bytes.readUInt32LE(20) === bytes.readUInt32LE(24), name, 'its size was changed');
  return { name, crc: bytes.readUInt32LE(16), bytes: bytes.readUInt32LE(24), place: bytes.readUInt32LE(42) };
}

/** Each entry with its header, content and ending, one directly behind the other (APPNOTE 4.3.7, 4.3.9). */
function readEntries(zip) {
  const { entries, start } = readDirectory(zip);
  const found = new Map();
  let place = 0;
  for (const entry of entries) {
    const { name } = entry;
    must(!found.has(name), name, 'it is in the archive twice');
    must(entry.place === place, name, 'it is not where it was');
    const header = zip.at(place, 30 + name.length, name);
    const expected = Buffer.alloc(30 + name.length);
    expected.writeUInt32LE(0x04034b50, 0);
    expected.writeUInt16LE(20, 4);
    expected.writeUInt16LE(8, 6);
    expected.writeUInt32LE(STAMP, 10);
    expected.writeUInt16LE(name.length, 26);
    expected.write(name, 30, 'latin1');
    must(header.equals(expected), name, 'its header in the archive was changed');
    place += header.length;
    const read = readContent(zip, place, entry);
    place += entry.bytes;
    const ending = zip.at(place, 16, name);
    const fine =
      ending.readUInt32LE(0) === 0x08074b50 &&
      ending.readUInt32LE(4) === entry.crc &&
      ending.readUInt32LE(8) === entry.bytes &&
      ending.readUInt32LE(12) === entry.bytes;
    must(fine, name, 'what follows it in the archive was changed');
    place += 16;
    found.set(name, { ...entry, ...read });
  }
  must(place === start, 'the archive', 'there is something between its files and the list of them');
  return found;
}

function readContent(zip, place, { name, bytes, crc }) {
  const isText = TEXTS.includes(name);
  must(!isText || bytes <= TEXT_MAX, name, 'it is far larger than any report');
  const hash = createHash('sha256');
  const pieces = [];
  let sum = -1;
  for (let done = 0; done < bytes; done += PIECE) {
    const piece = zip.at(place + done, Math.min(PIECE, bytes - done), name);
    hash.update(piece);
    sum = crcOn(sum, piece);
    if (isText) pieces.push(piece);
  }
  return {
    sha256: hash.digest('hex'),
    crcFits: (sum ^ -1) >>> 0 === crc,
    content: isText ? Buffer.concat(pieces) : null,
  };
}

/** A text of ours: canonical JSON, or changed. */
function parsed(found, name, format) {
  const entry = found.get(name);
  must(entry !== undefined, name, 'it is missing');
  let value;
  try {
    value = JSON.parse(entry.content.toString('utf8'));
  } catch {
    throw new Altered(`${name}: it was changed, and can't be read any more`);
  }
  must(value !== null && typeof value === 'object' && value.format === format, name, 'it is not what it was');
  const same = Buffer.from(canonicalJson(value)).equals(entry.content);
  must(same, name, 'it was changed: it is not written as Postcard writes it');
  return value;
}

const isHash = (text) => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);

/** All problems that are found, each naming its part; none: unchanged. */
export function verifyZip(path) {
  const file = openSync(path, 'r');
  try {
    const problems = [];
    const facts = { whole: null, about: null, made: null, lost: [], notes: 0, files: 0, pageSealed: true };
    const check = (what) => {
      try {
        return what();
      } catch (error) {
        if (!(error instanceof Altered)) throw error;
        problems.push(error.message);
        return null;
      }
    };
    const found = check(() => readEntries(reader(file)));
    if (found === null) return { problems, facts };
    checkParts(found, check, facts);
    return { problems: [...new Set(problems)], facts };
  } finally {
    closeSync(file);
  }
}

function checkParts(found, check, facts) {
  const sums = check(() => readChecksums(found));
  if (sums !== null) checkListed(found, sums, check);
  else for (const name of TEXTS) check(() => must(found.has(name), name, 'it is missing'));
  const manifest = check(() => parsed(found, 'manifest.json', 'urn:postcard:incident-manifest:0'));
  const whole = found.get('manifest.json')?.sha256 ?? null;
  facts.whole = whole;
  facts.files = [...found.keys()].filter((name) => MEDIA.test(name)).length;
  if (sums !== null) {
    facts.lost = sums.lost;
    check(() => must(sums.whole === whole, 'manifest.json', 'its fingerprint is not the one of the export'));
  }
  if (manifest !== null) {
    facts.about = manifest.about;
    facts.made = manifest.made;
    facts.pageSealed = (Array.isArray(manifest.parts) ? manifest.parts : []).some(
      (p) => p?.part === 'index.html',
    );
    check(() => checkManifest(found, manifest, sums, check));
  }
  const notes = check(() => checkNotes(found, whole, manifest));
  facts.notes = notes ?? 0;
}

function readChecksums(found) {
  const sums = parsed(found, 'checksums.json', 'urn:postcard:incident-export:0');
  const { sha256, ...list } = sums;
  const listed = Array.isArray(sums.files) && sums.files.every((f) => f !== null && typeof f === 'object');
  must(
    listed && Array.isArray(sums.lost) && sums.lost.every((n) => MEDIA.test(n)),
    'checksums.json',
    'it was changed',
  );
  must(sha256Of(canonicalJson(list)) === sha256, 'checksums.json', 'it was changed');
  return sums;
}

/** What the export lists and what is there are the same files with the same content. */
function checkListed(found, sums, check) {
  const listed = new Map(sums.files.map((f) => [f.name, f]));
  for (const [name, { bytes, sha256 }] of listed) {
    check(() => {
      const entry = found.get(name);
      must(entry !== undefined, String(name), 'it is missing');
      must(entry.sha256 === sha256 && entry.bytes === bytes, name, 'it was changed');
    });
  }
  for (const [name, entry] of found) {
    check(() => must(listed.has(name) || name === 'checksums.json', name, 'it was added'));
    check(() => must(entry.crcFits, name, 'it, or its checksum in the archive, was changed'));
  }
  for (const name of TEXTS) check(() => must(found.has(name), name, 'it is missing'));
}

/** Each part of the evidence against the hash that was written down when it was made. */
function checkManifest(found, manifest, sums, check) {
  must(Array.isArray(manifest.parts), 'manifest.json', 'it was changed');
  const parts = new Map(manifest.parts.map((p) => [p?.part, p]));
  must(parts.size === manifest.parts.length, 'manifest.json', 'it names a part twice');
  const lost = new Set(sums?.lost ?? []);
  for (const [part, { sha256 }] of parts) {
    if (!SEALED.includes(part) && !MEDIA.test(part)) continue;
    check(() => {
      must(isHash(sha256), 'manifest.json', 'it was changed');
      const entry = found.get(part);
      must(entry !== undefined || lost.has(part), part, 'it is missing');
      must(
        entry === undefined || entry.sha256 === sha256,
        part,
        'it is not what it was when the report was made',
      );
    });
  }
  for (const name of found.keys())
    check(() =>
      must(!MEDIA.test(name) || parts.has(name), name, 'it was added: the report was made without it'),
    );
  const incident = check(() => parsed(found, 'incident.json', 'urn:postcard:incident:0'));
  if (incident === null) return;
  check(() => must(Array.isArray(incident.messages), 'incident.json', 'it was changed'));
  const inside = [
    ['report', incident.report],
    ['account', incident.account],
    ['profile', incident.profile],
    ...(Array.isArray(incident.messages) ? incident.messages : []).map((m, n) => [`message ${n + 1}`, m]),
  ];
  for (const [part, value] of inside)
    check(() =>
      must(
        value !== undefined && parts.get(part)?.sha256 === sha256Of(canonicalJson(value)),
        `incident.json, ${part}`,
        'it is not what it was when the report was made',
      ),
    );
  const messages = [...parts.keys()].filter((part) => /^message \d+$/.test(part)).length;
  check(() =>
    must(messages === inside.length - 3, 'incident.json', 'there are more or fewer messages than there were'),
  );
  check(() => must(incident.id === manifest.incident, 'incident.json', 'it belongs to another report'));
}

/** Notes are a chain that begins at the hash of the whole. Their number. */
function checkNotes(found, whole, manifest) {
  const { notes, incident } = parsed(found, 'notes.json', 'urn:postcard:incident-notes:0');
  must(Array.isArray(notes), 'notes.json', 'it was changed');
  must(manifest === null || incident === manifest.incident, 'notes.json', 'it belongs to another report');
  let previous = whole;
  notes.forEach((note, n) => {
    const { sha256, ...content } = note ?? {};
    const fine = sha256Of(canonicalJson(content)) === sha256 && content.previous === previous;
    must(
      fine && content.number === n + 1,
      `notes.json, note ${n + 1}`,
      'it was changed, added or taken out of its place',
    );
    previous = sha256;
  });
  return notes.length;
}

/** npm runs its scripts in the project's folder and says where it was called. */
const typedIn = () =>
  (process.env.npm_lifecycle_event === 'verify-report' && process.env.INIT_CWD) || process.cwd();

/** Of what comes from a file, only what can't disturb a terminal. */
const shown = (text) =>
  String(text)
    .replace(/[^\x20-\x7e\u00a0-\u0377\u2019]/g, '?')
    .slice(0, 200);

const counted = (n, what) => `${n} ${what}${n === 1 ? '' : 's'}`;

export function main(argv, say = console.log, complain = console.error) {
  const usage = 'Usage: npm run verify-report -- FILE.zip';
  if (argv.length !== 1 || argv[0].startsWith('--')) {
    (argv[0] === '--help' ? say : complain)(usage);
    return argv[0] === '--help' ? 0 : 2;
  }
  let result;
  try {
    result = verifyZip(resolve(typedIn(), argv[0]));
  } catch (error) {
    complain(`${shown(argv[0])} can't be read: ${error.code ?? error.message}`);
    return 2;
  }
  const { problems, facts } = result;
  if (problems.length > 0) {
    say('CHANGED: this file is not as Postcard exported it.');
    for (const problem of problems.slice(0, 50)) say(`  ${shown(problem)}`);
    return 1;
  }
  const lost = facts.lost.length;
  say(lost === 0 ? 'UNCHANGED since it was exported.' : 'UNCHANGED since it was exported, but not complete.');
  for (const name of facts.lost) say(`  ${name}: was lost on that computer before the export`);
  say(
    `  about ${shown(facts.about)}, made ${shown(facts.made?.time)}, ${counted(facts.files, 'file')}, ${counted(facts.notes, 'note')}`,
  );
  say(`  fingerprint of the whole: ${facts.whole}`);
  if (!facts.pageSealed)
    say('  It does not stand for index.html, which an older Postcard did not seal: read incident.json.');
  if (facts.notes > 0) say('  It does not stand for the notes: they were added later, by the reporter.');
  say(
    'Compare it with the one that Postcard shows under Settings → Privacy → Reports, or that came with the',
  );
  say('report: fingerprints are no signature, and who makes a file anew can make all of them anew.');
  return lost === 0 ? 0 : 3;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2));
}
