import Module, { createRequire } from 'node:module';

export type SharpBuild = 'native' | 'wasm';

/** sharp's own type; the value comes from `loadSharp` alone, after the choice of build. */
export type Sharp = typeof import('sharp').default;

const WASM = '@img/sharp-wasm32/sharp.node';
const NATIVE = /^@img\/sharp-[\w-]+\/sharp\.node$/;

/**
 * Which build of sharp this process can bear. On Linux inside Electron the native one shares the process with
 * GTK's GLib, which sharp's install page ("Electron and Linux") documents to crash: there it is WebAssembly.
 */
export function chooseBuild(): SharpBuild {
  return process.platform === 'linux' && process.versions['electron'] !== undefined ? 'wasm' : 'native';
}

interface Resolver {
  _resolveFilename(request: string, ...rest: unknown[]): string;
}

/**
 * Loads sharp with the build asked for. sharp tries the native package first and has no setting for it, so its
 * one `require` is answered with the WebAssembly package while it loads. (`module.registerHooks` would be the
 * public way; Electron's Node 20 does not have it.)
 */
export function loadSharp(build: SharpBuild): Sharp {
  const require = createRequire(import.meta.url);
  // `_resolveFilename` is not in Node's types, but it is what every loader hooks and it is there in Node 20 to 26.
  const resolver = Module as unknown as Resolver;
  const original = resolver._resolveFilename;
  if (build === 'wasm') {
    resolver._resolveFilename = function resolve(request, ...rest) {
      return original.call(this, NATIVE.test(request) ? WASM : request, ...rest);
    };
  }
  try {
    // The CommonJS entry exports the function itself.
    return require('sharp') as Sharp;
  } finally {
    resolver._resolveFilename = original;
  }
}

/**
 * Bytes of the WebAssembly build are views of its shared memory. They are copied out before anything else is
 * done with them: `Buffer.indexOf` on such a view ends the process in Electron 33 once it has been compiled
 * (V8's fast calls don't take shared memory). Native buffers come back as they are.
 */
export function ownBytes(bytes: Buffer): Buffer {
  return bytes.buffer instanceof SharedArrayBuffer ? Buffer.from(bytes) : bytes;
}
