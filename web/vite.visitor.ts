/** The visitor's page: own small bundle, React's names answered by Preact. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('./visitor'),
  base: '/visit/',
  publicDir: here('./visitor/public'),
  resolve: {
    alias: [
      { find: /^react\/jsx-(dev-)?runtime$/, replacement: 'preact/jsx-runtime' },
      { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
      { find: /^react(-dom)?$/, replacement: 'preact/compat' },
    ],
  },
  // Pages may load nothing but their own files (CSP script-src 'self'), so nothing is inlined as data either.
  build: {
    outDir: here('../dist/web/visitor'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    rollupOptions: {
      onwarn(warning, warn) {
        // virtua says "use client", which means something to a server only.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') {
          warn(warning);
        }
      },
    },
  },
});
