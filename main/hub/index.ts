import { join } from 'node:path';
import { startAssistant } from './assistant.ts';
import { HubCore } from './core.ts';
import { ensureFolder } from './folder.ts';
import { listen } from './http.ts';
import { MODULES } from './modules/index.ts';
import { openDatabase } from './store/database.ts';
import { forgetStreams } from './store/streams.ts';
import { prepareUploads } from './upload-files.ts';

export interface HubOptions {
  /** Where everything of the hub is kept, such as HOME/hub; made with mode 0700. */
  folder: string;
  /** 0 takes any free port. */
  port: number;
  /** Says which home this hub belongs to (see election.ts). */
  homeId: string;
  log?: (line: string) => void;
  /** Whether the account that greets new people is there; yes unless told otherwise. */
  assistant?: boolean;
}

export interface Hub {
  port: number;
  /** ws://127.0.0.1:PORT/xmpp-websocket */
  url: string;
  close(): Promise<void>;
}

/**
 * Starts the built-in XMPP server on 127.0.0.1.
 * @throws with code EADDRINUSE (port busy), EACCES or SQLITE_CANTOPEN (folder), ENEWER (data of a newer version)
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  ensureFolder(options.folder);
  const log = options.log ?? (() => undefined);
  const db = openDatabase(join(options.folder, 'hub.sqlite'));
  const core = new HubCore({ db, folder: options.folder, modules: MODULES, log });
  try {
    await prepareUploads(core);
    core.rooms.dropTemporary();
    core.mutes.plan();
    forgetStreams(db, Date.now() - 7 * 24 * 3600_000);
    if (options.assistant !== false) startAssistant(core);
    const side = await listen(core, options.port, options.homeId);
    core.httpBase = `http://127.0.0.1:${side.port}`;
    return {
      port: side.port,
      url: `ws://127.0.0.1:${side.port}/xmpp-websocket`,
      close: () => close(core, side),
    };
  } catch (error) {
    core.mutes.close();
    core.endAll();
    db.close();
    throw error;
  }
}

async function close(core: HubCore, side: { close(): Promise<void> }): Promise<void> {
  core.mutes.close();
  core.endAll();
  await side.close();
  core.turn.settle();
  core.db.close();
}
