import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Before anything else is loaded: what Node compiles is kept beside the packages, and belongs to whom they belong to.
// Where that can't be written, it is compiled anew each time. Not by NODE_COMPILE_CACHE, which every program that the
// host opens would inherit.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/node-compile', import.meta.url)));
await import('./index.ts');
