import { defineConfig } from 'electron-vite';
import vue from '@vitejs/plugin-vue';
import { resolve } from 'node:path';

const here = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      // Native and worker-loading packages must stay files of their own; the rest follows them.
      externalizeDeps: true,
      rollupOptions: {
        input: {
          electron: here('main/hosts/electron/index.ts'),
          browser: here('main/hosts/browser/index.ts'),
          demo: here('main/hosts/browser/demo.ts'),
          hub: here('main/hosts/hub/index.ts'),
          'hub-worker': here('main/hub/worker.ts'),
          'image-worker': here('main/media/worker.ts'),
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
    plugins: [vue()],
    build: {
      outDir: 'out/renderer',
      // Data URLs for fonts and icons would need a looser CSP.
      assetsInlineLimit: 0,
      rollupOptions: { input: { index: here('renderer/index.html') } },
    },
  },
});
