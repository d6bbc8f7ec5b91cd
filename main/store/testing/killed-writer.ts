import { openStore, transact, writeState } from '../index.ts';

// Run by a test: commits one thing, begins another, says so, and waits to be killed.
const file = process.argv[2];
if (!file) throw new Error('the file is missing');
const { db } = openStore({ file, backupFolder: `${file}-backups` });
writeState(db, 'committed', 'yes');
transact(db, () => {
  writeState(db, 'half', 'no');
  // Bigger than the page cache, so that uncommitted pages are in the log already.
  db.exec('CREATE TABLE filler (x TEXT) STRICT');
  const filler = db.prepare('INSERT INTO filler VALUES (?)');
  for (let i = 0; i < 12_000; i += 1) filler.run('x'.repeat(4_000));
  process.stdout.write('in the middle\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
