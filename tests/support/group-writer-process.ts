// What an app has of a group's messages, in a process of its own, so that it can be killed in the middle of things.
//
//   node group-writer-process.ts JSON
//
// JSON is a `Writing`. Prints {"ready": [texts written so far]}; each line of stdin is then written, and printed as
// {"stored": text} once it is on the disk. "/vote 2" is no text, but a vote in the newest poll there is, and "/state" prints
// {"state": what waits, and the end of the log}. It connects again as soon as the connection is lost.
import { createInterface } from 'node:readline';
import { GroupWriter, type Writing } from './group-writer.ts';

const given = process.argv[2];
if (given === undefined) throw new Error('usage: group-writer-process.ts JSON');
// Written by the test that starts it.
const writer = new GroupWriter(JSON.parse(given) as Writing);
const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
setInterval(() => writer.connection.isReady() || writer.retry(), 50).unref();

say({
  ready: writer
    .messages()
    .filter((m) => m.outgoing)
    .map((m) => m.text),
});
for await (const text of createInterface({ input: process.stdin })) {
  if (text === '/state') {
    say({ state: writer.describe() });
    continue;
  }
  const vote = /^\/vote (\d)$/.exec(text)?.[1];
  if (vote === undefined) writer.write(text);
  else await writer.vote([Number(vote) - 1]);
  say({ stored: text });
}
await writer.sent();
await writer.close();
