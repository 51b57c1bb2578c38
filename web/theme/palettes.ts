/**
 * Every colour of the pages, by what it means. The page reads them as CSS variables (`var(--quiet)`), Ant Design as tokens.
 * The same values as in the screening report, so that a report and the page it came from look alike.
 */
export const palettes = {
  light: {
    paper: '#fbfaf7',
    card: '#fffefb',
    sunk: '#f3f1ea',
    ink: '#1d2129',
    quiet: '#555c66',
    line: '#dedacf',
    'line-strong': '#b9b4a6',
    accent: '#2f6f62',
    'accent-strong': '#24584e',
    'accent-ground': '#e8f0ec',
    'on-accent': '#ffffff',
    link: '#2a6458',
    focus: '#2f6f62',
    strong: '#b3362a',
    some: '#b7791f',
    little: '#5b6b7a',
    declared: '#2b5c9e',
    'not-applicable': '#6d717a',
    unexaminable: '#55504a',
    'strong-text': '#a32e23',
    'some-text': '#85540c',
    'declared-text': '#2b5c9e',
    'good-text': '#2a6458',
    'strong-ground': '#fdf1ee',
    'some-ground': '#fbf3e2',
    shade: 'rgba(29, 33, 41, 0.10)',
  },
  dark: {
    paper: '#1b1a18',
    card: '#23211f',
    sunk: '#2a2825',
    ink: '#ebe7de',
    quiet: '#b0aa9e',
    line: '#3a3733',
    'line-strong': '#5c5750',
    accent: '#2f6f62',
    'accent-strong': '#3b8777',
    'accent-ground': '#22322d',
    'on-accent': '#ffffff',
    link: '#84c4b5',
    focus: '#84c4b5',
    strong: '#e5705f',
    some: '#dba24a',
    little: '#9fb0c0',
    declared: '#86aee6',
    'not-applicable': '#a29c91',
    unexaminable: '#bdb6a9',
    'strong-text': '#f08b7c',
    'some-text': '#e3b060',
    'declared-text': '#9dbdec',
    'good-text': '#84c4b5',
    'strong-ground': '#2f211e',
    'some-ground': '#2e2719',
    shade: 'rgba(0, 0, 0, 0.45)',
  },
} as const satisfies Record<'light' | 'dark', Record<string, string>>;

export type Shade = keyof typeof palettes;

export const sans =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
export const mono =
  'ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace';
