/** What runs first in a utility process: gives the file it is started for the messages of a forked process of Node. */
export {};

const { parentPort } = process;
const file = process.argv.at(-1);
if (file === undefined) throw new Error('Nothing to run');
process.send = (message: unknown) => {
  parentPort.postMessage(message);
  return true;
};
await import(file);
// Messages wait until somebody listens, so the file hears all of them.
parentPort.on('message', ({ data }) => {
  process.emit('message', data, undefined);
});
