// A Postcard of its own in a process of its own, so that it can be killed in the middle of things.
//
//   node sender-process.ts HOME PEER
//
// Opens the app on HOME, whose account is signed in, and prints {"ready": [texts written so far]}. Each line of stdin
// is then written to PEER; once the app has it, {"stored": text} is printed. It asks for a new attempt as soon as
// the connection is lost, as a host does when the network comes back.
import { createInterface } from 'node:readline';
import { Person } from './people.ts';

const [home, peer] = process.argv.slice(2);
if (home === undefined || peer === undefined) throw new Error('usage: sender-process.ts HOME PEER');

const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
const person = await Person.start({ home });
const retryWhenLost = async () => {
  const { state } = await person.call('connection.state', {});
  if (state === 'offline') await person.call('connection.retry', {});
};
setInterval(() => void retryWhenLost(), 50).unref();

say({ ready: (await person.messagesWith(peer)).filter((m) => m.outgoing).map((m) => m.text) });
for await (const text of createInterface({ input: process.stdin })) {
  await person.write(peer, text);
  say({ stored: text });
}
await person.close();
