import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** `npx vite build web` writes `web/dist`. `npx vite web` serves pages for development and passes calls on to a running server. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), nonceOnEveryStyle(), licences()],
  // The server replaces this in index.html by a fresh value for each answer; see docs/decisions/web.md.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      ['/api', '/healthz', '/readyz'].map((path) => [path, { target: 'http://127.0.0.1:8080', changeOrigin: false }]),
    ),
  },
});

/**
 * Ant Design gives its component styles the nonce that ConfigProvider was told, but the style that stops the page from
 * scrolling behind a dialog is written without one, and our content security policy would refuse it.
 */
function nonceOnEveryStyle(): Plugin {
  return {
    name: 'nonce-on-every-style',
    enforce: 'pre',
    transform: {
      filter: { id: /@rc-component\/util\/es\/Dom\/dynamicCSS\.js/ },
      handler(code) {
        const without = 'if (csp?.nonce) {\n    styleNode.nonce = csp?.nonce;\n  }';
        if (!code.includes(without)) throw new Error('dynamicCSS.js of @rc-component/util has changed: look again');
        return code.replace(without, `styleNode.nonce = csp?.nonce ?? document.querySelector('[nonce]')?.nonce;`);
      },
    },
  };
}

/** `virtual:licences`: the packages that Clearmirror is made of, as they are installed now. */
function licences(): Plugin {
  const id = '\0virtual:licences';
  const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  return {
    name: 'licences',
    resolveId: (source) => (source === 'virtual:licences' ? id : null),
    load(loaded) {
      if (loaded !== id) return null;
      const list = Object.keys(read('../package.json').dependencies).map((name) => {
        const { version, license } = read(`../node_modules/${name}/package.json`);
        return { name, version, licence: license };
      });
      return `export const licences = ${JSON.stringify(list)};`;
    },
  };
}
