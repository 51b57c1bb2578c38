import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** `npx vite build web` writes `web/dist`. `npx vite web` serves pages for development and passes calls on to `clearmirror serve`. */
export default defineConfig(({ command }) => {
  // A build asked for by a test is the same build: not React with its checks, three times as large.
  if (command === 'build') process.env['NODE_ENV'] = 'production';
  return {
    root: import.meta.dirname,
    plugins: [react(), pageWords(), nonceOnEveryStyle(), licences(), beforePaint(), compressed()],
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
      rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
    },
    server: {
      port: 5173,
      // The server takes writes from its own pages only, so the proxy says that these are.
      proxy: Object.fromEntries(
        ['/api/v1', '/api/auth', '/healthz'].map((path) => [
          path,
          { target: 'http://localhost:7300', headers: { origin: 'http://localhost:7300' } },
        ]),
      ),
    },
  };
});

/**
 * What every visit needs in few files: without groups, each set of pages that share a module makes a file of its own, and a first visit
 * asks for ninety. `bundle.test.ts` weighs it. The entry stays outside: the manifest is read by its name.
 */
const chunks = [
  { name: 'start', tags: ['$initial' as const], test: /^(?!.*[\\/](main\.tsx|index\.html)$)/, priority: 3 },
  { name: 'house', test: /[\\/]web[\\/](ui|api|theme|frame)[\\/]/, minShareCount: 2, priority: 2 },
  { name: 'icons', test: /@ant-design[\\/]icons/, minShareCount: 3, priority: 1 },
];

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

/** Leaves out of the shared sentences what only a terminal says: a third of them. */
function pageWords(): Plugin {
  return {
    name: 'page-words',
    enforce: 'pre',
    transform: {
      filter: { id: /src\/contract\/words\/[\w-]+\.(en|zh)\.json$/ },
      handler(code) {
        const ofPages = Object.entries(JSON.parse(code)).filter(([key]) => !/^(cli|doctor)\./.test(key));
        return JSON.stringify(Object.fromEntries(ofPages));
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

/** `before-paint.js` as a file of its own, ahead of everything: a module would run after the first paint, an inline script not at all. */
function beforePaint(): Plugin {
  const source = readFileSync(new URL('before-paint.js', import.meta.url), 'utf8');
  return {
    name: 'before-paint',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        if (!bundle) return [{ tag: 'script', children: source, injectTo: 'head-prepend' }];
        const [file] = Object.values(bundle).filter(({ fileName }) => /^assets\/before-paint-/.test(fileName));
        if (!file) throw new Error('before-paint.js was not written');
        return [{ tag: 'script', attrs: { src: `/${file.fileName}` }, injectTo: 'head-prepend' }];
      },
    },
    buildStart() {
      if (this.meta.watchMode) return;
      this.emitFile({ type: 'asset', name: 'before-paint.js', source });
    },
  };
}

/** Each text file once more as .br and .gz, so that the server need not compress it at every visit. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (!/^assets\/.*\.(js|css|svg)$/.test(file.fileName)) continue;
          const bytes = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          if (bytes.length < 1024) continue;
          const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
          this.emitFile({ type: 'asset', fileName: `${file.fileName}.br`, source: brotli });
          this.emitFile({ type: 'asset', fileName: `${file.fileName}.gz`, source: gzipSync(bytes, { level: 9 }) });
        }
      },
    },
  };
}
