import { startApplication } from '../../app.ts';
import type { Options } from '../../cli.ts';
import { createDispatch } from '../../dispatch.ts';
import { createBridgeSocket, type BridgeSocket } from './bridge-socket.ts';
import { createBrowserPorts } from './ports.ts';

/** What is behind the door: all that takes its time to be loaded. */
export interface Core {
  readonly bridge: BridgeSocket;
  /** `GET /media/*` and `POST /staged`. */
  serve(request: Request): Promise<Response>;
  close(): Promise<void>;
}

interface Opening {
  readonly options: Options;
  /** The profile's. */
  readonly folder: string;
  /** `out/main/` */
  readonly built: URL;
  readonly version: string;
  readonly log: (line: string) => void;
  readonly quit: () => void;
}

/** Opens the profile and joins it to the pages. Throws what `startApplication` throws. */
export async function openCore({ options, folder, built, version, log, quit }: Opening): Promise<Core> {
  const ports = createBrowserPorts({ folder, built, log, quit });
  const { home, profile, hubPort } = options;
  const application = await startApplication(ports, { home, profile, hubPort, version });
  const dispatch = createDispatch(application.handlers, log);
  const bridge = createBridgeSocket(dispatch, (open) => {
    // A page that has gone could not say that nothing is in view any more.
    if (open === 0) void dispatch('notifications.inView', { focused: false, conversationId: null });
  });
  application.onEvent((name, payload) => {
    bridge.send(name, payload);
  });
  return {
    bridge,
    serve: (request) => application.serve(request),
    close: () => {
      // The pages go first: nothing is asked of a core that closes.
      bridge.close();
      return application.close();
    },
  };
}
