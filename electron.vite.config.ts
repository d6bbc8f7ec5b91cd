import { defineConfig } from 'electron-vite';
import vue from '@vitejs/plugin-vue';
import { resolve } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

const here = (path: string) => resolve(import.meta.dirname, path);

/**
 * The XMPP library means the package `punycode`. Bundled, its `require` would reach Node's deprecated module of that
 * name, which warns on stderr; the slash says which of the two.
 */
function punycodePackage(): Plugin {
  return {
    name: 'punycode-package',
    transform: {
      filter: { id: /[\\/]stanza[\\/]/, code: 'require("punycode")' },
      handler: (code) => code.replace('require("punycode")', 'require("punycode/")'),
    },
  };
}

/**
 * Imported as an ES module, `node:http` is asked for all its names at once, and three of them load Node's fetch: 60 ms of
 * every start. Taken from the process, it is asked for what is used.
 */
function httpWithoutFetch(): Plugin {
  const imports = /^import (\w+|\{[^}]*\}) from "(?:node:)?http";$/gm;
  return {
    name: 'http-without-fetch',
    renderChunk: (code) =>
      code.replaceAll(
        imports,
        (_, names: string) =>
          `const ${names.replaceAll(' as ', ': ')} = process.getBuiltinModule("node:http");`,
      ),
  };
}

/**
 * Names in the page what its first screen needs and the browser would find out about late: the window's script and
 * styles, which the small first script imports, and the font that nearly all text is in.
 */
function fetchedAtOnce(): Plugin {
  return {
    name: 'fetched-at-once',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) => {
        const files = Object.values(bundle);
        const window = files.find((file) => file.type === 'chunk' && file.name === 'window');
        const font = files.find(({ fileName }) => /inter-latin-wght-normal.*\.woff2$/.test(fileName));
        if (window?.type !== 'chunk' || !font) return [];
        const link = (rel: string, file: string, more: Record<string, string> = {}) =>
          ({
            tag: 'link',
            injectTo: 'head',
            attrs: { rel, crossorigin: true, href: `./${file}`, ...more },
          }) as const;
        const styles = window.viteMetadata?.importedCss ?? [];
        return [
          ...[window.fileName, ...importsOf(window, bundle)].map((file) => link('modulepreload', file)),
          ...[...styles].map((file) => link('stylesheet', file)),
          link('preload', font.fileName, { as: 'font', type: 'font/woff2' }),
        ];
      },
    },
  };
}

/** Every script that `chunk` needs, itself left out. */
function importsOf(chunk: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle, found = new Set<string>()) {
  for (const name of chunk.imports) {
    const next = bundle[name];
    if (found.has(name) || next?.type !== 'chunk') continue;
    importsOf(next, bundle, found.add(name));
  }
  return found;
}

export default defineConfig({
  main: {
    plugins: [punycodePackage(), httpWithoutFetch()],
    build: {
      outDir: 'out/main',
      // Native and worker-loading packages must stay files of their own; the rest follows them. The XMPP library
      // is several hundred small CommonJS files: finding them took half of the time until the host was up.
      externalizeDeps: { exclude: ['stanza'] },
      rollupOptions: {
        input: {
          electron: here('main/hosts/electron/index.ts'),
          browser: here('main/hosts/browser/start.ts'),
          'browser-host': here('main/hosts/browser/index.ts'),
          demo: here('main/hosts/browser/demo.ts'),
          hub: here('main/hosts/hub/index.ts'),
          'hub-worker': here('main/hub/worker.ts'),
          'image-worker': here('main/media/worker.ts'),
          utility: here('main/hosts/electron/utility.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload can require nothing: the schema library is bundled.
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: here('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [vue(), fetchedAtOnce()],
    build: {
      outDir: 'out/renderer',
      // Data URLs for fonts and icons would need a looser CSP.
      assetsInlineLimit: 0,
      minify: true,
      rollupOptions: {
        input: { index: here('renderer/index.html') },
        output: {
          // One file for the first screen, with all that it needs, and one for what connects before it.
          codeSplitting: {
            groups: [
              { name: 'bridge', test: /renderer[\\/]bridge[\\/]|vite[\\/]preload-helper/, priority: 2 },
              { name: 'window', test: /renderer[\\/]main\.ts$/, priority: 1 },
            ],
          },
        },
      },
    },
  },
});
