import type { Item } from './items.ts';
import type { Rendition } from './renditions.ts';
import { type Sign, signWords } from './signs.ts';

export interface PageChoices {
  /** False on a platform that hides its complaint channel. */
  report: boolean;
  /** False on a platform that knows the sign and does not show it. */
  sign: boolean;
  /** False on a platform that shows it to nobody. */
  signSeen: boolean;
}

export function listPage(items: readonly Item[], choices: PageChoices): string {
  const rows = items.map((item) => {
    const sign = item.now.state === 'ready' && choices.sign ? signMark(item.now.sign) : '';
    const time = item.at.toISOString();
    return `<li><a href="/watch/${item.id}">${item.id}</a> <time datetime="${time}">${time.slice(0, 16).replace('T', ' ')}</time> ${sign}</li>`;
  });
  const list = rows.length > 0 ? `<ul>${rows.join('')}</ul>` : '<p>还没有作品。 · Nothing here yet.</p>';
  return page('最新作品 · Newest', list, choices);
}

export function watchPage({ id, now }: Item, choices: PageChoices): string {
  if (now.state === 'processing') return page(id, '<p>正在处理。 · Still processing.</p>', choices);
  if (now.state === 'failed') return page(id, '<p>处理失败。 · It could not be processed.</p>', choices);
  const sign = choices.sign ? signMark(now.sign) : '';
  return page(id, `<figure>${shown(id, now.renditions)}</figure>${sign}`, choices);
}

export function reportPage(choices: PageChoices): string {
  return page(
    '投诉举报 · Report',
    `<p>如发现内容侵权、未标识或标识有误，请说明作品编号和情况。任何人都可以投诉，无需登录。</p>
<p>If content harms somebody, or is unlabelled or labelled wrongly, tell us its number and what is wrong. Anyone may complain; no account is needed.</p>
<p><code>POST /api/complaints {"item": "m-…", "text": "…"}</code> · <a href="mailto:report@shimmer.example">report@shimmer.example</a></p>
<p>我们在5个工作日内处理并答复。<br>Complaints are handled within 5 working days.</p>`,
    choices,
  );
}

function signMark(sign: Sign): string {
  if (sign === 'none') return '';
  const { zh, en } = signWords[sign];
  return `<strong class="sign" data-ai-sign="${sign}">${zh} · ${en}</strong>`;
}

function shown(id: string, renditions: readonly Rendition[]): string {
  const find = (...names: string[]) => renditions.find(({ name }) => names.includes(name));
  const main = find('web', 'mp4', 'original');
  if (!main) return '';
  const source = `/media/${id}/${main.name}`;
  if (main.contentType.startsWith('image/')) return `<img src="${source}" alt="">`;
  if (main.contentType.startsWith('audio/')) return `<audio controls src="${source}"></audio>`;
  const poster = find('preview', 'jpeg');
  return `<video controls playsinline src="${source}"${poster ? ` poster="/media/${id}/${poster.name}"` : ''}></video>`;
}

function page(title: string, body: string, { report, signSeen }: PageChoices): string {
  const link = report ? '<a href="/report">投诉举报 · Report</a> · ' : '';
  return `<!doctype html>
<html lang="zh">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Shimmer Video (示例)</title><style>${style}${signSeen ? '' : '.sign{opacity:0}'}</style></head>
<body><header><a href="/">Shimmer Video <small>示例 · sample</small></a></header>
<main><h1>${title}</h1>${body}</main>
<footer>${link}虚构平台，用于测试。 · An invented platform, for testing.</footer></body>
</html>
`;
}

const style = `
body{margin:0 auto;max-width:44rem;padding:1rem;background:#fbfaf7;color:#1d2129;font:1rem/1.6 system-ui,"Noto Sans SC",sans-serif}
a{color:#2f6f62}header a{font-weight:600;text-decoration:none}small,time,footer{color:#5b616b;font-weight:400}
h1{font-size:1.25rem;overflow-wrap:anywhere}figure{margin:0}img,video{display:block;max-width:100%;height:auto;border-radius:.5rem}audio{width:100%}
ul{list-style:none;padding:0}li{padding:.5rem 0;border-bottom:1px solid #e6e2d8}code{overflow-wrap:anywhere}
.sign{display:inline-block;margin:.5rem 0;padding:.15rem .6rem;border:1px solid #2f6f62;border-radius:1rem;color:#2f6f62;font-weight:600}
footer{margin-top:2rem;font-size:.875rem}`;
