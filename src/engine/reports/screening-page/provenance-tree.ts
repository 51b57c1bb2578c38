import { type ProvenanceNode, readProvenance } from '../../../contract/provenance.ts';
import { chart } from './chart.ts';
import { cut, type Html, html, plain, shown } from './html.ts';
import { badge, type Section } from './section.ts';
import { ownWords, wordsFor } from './words.ts';

/** The history that each content credential tells: the file on top, below it what went in, nearest first. */
export function provenanceTrees(section: Section): Html[] {
  return section.signals.flatMap((signal, position) => {
    const nodes = signal.layer === 'provenance' ? readProvenance(signal) : [];
    return nodes.length === 0 ? [] : [treeChart(section, nodes, position + 1)];
  });
}

function treeChart(section: Section, nodes: readonly ProvenanceNode[], number: number): Html {
  const { say } = section;
  const boxes: Html[] = [];
  let top = 0;
  let foot = 0;
  for (const node of nodes) {
    const lines = linesOf(section, node);
    const height = 14 + lines.length * lineHeight;
    const x = node.depth * indent;
    // The record does not say whose ingredient a deeper one is, so only the first step has an edge.
    const edge = node.depth === 1 ? html`<path class="edge" d="M${indent / 2} ${foot}V${top + 16}H${x}"/>` : null;
    boxes.push(
      html`${edge}<rect class="node n-${node.state} d${node.depth}" x="${x + 0.5}" y="${top + 0.5}" height="${height - 1}" rx="3"/>${lines.map(
        ({ words, kind }, index) =>
          html`<text class="node-${kind}" x="${x + 12}" y="${top + 20 + index * lineHeight}">${words}</text>`,
      )}`,
    );
    if (node.depth === 0) foot = top + height;
    top += height + 12;
  }
  const picture = html`<svg class="tree" width="100%" height="${top - 12}" role="img" aria-label="${ownWords(say, 'tree.label', { nodes: nodes.length })}">${boxes}</svg>`;
  return chart(section, { kind: 'tree', picture, about: badge(section, number), table: treeTable(section, nodes) });
}

interface Line {
  words: string;
  kind: 'title' | 'line' | 'failure';
}

function linesOf(section: Section, node: ProvenanceNode): Line[] {
  const { say } = section;
  const title = cut(plain(node.title), 40) || ownWords(say, 'tree.untitled');
  const line = (words: string): Line => ({ kind: 'line', words: cut(words, 64) });
  const lines: Line[] = [
    {
      kind: 'title',
      words:
        node.depth === 0
          ? `${ownWords(say, 'tree.this-file')} · ${title}`
          : [title, relationshipWords(section, node)].filter(Boolean).join(' · '),
    },
  ];
  lines.push({ kind: node.state === 'failed' ? 'failure' : 'line', words: ownWords(say, `tree.${node.state}`) });
  if (node.signer !== '') lines.push(line(ownWords(say, 'tree.signed-by', { signer: cut(plain(node.signer), 44) })));
  if (node.time !== '') lines.push(line(plain(node.time)));
  if (node.generator !== '') lines.push(line(plain(node.generator)));
  for (const action of node.actions.slice(0, maxLines)) lines.push(line(`→ ${plain(actionName(action))}`));
  if (node.actions.length > maxLines) lines.push(line(`→ … +${node.actions.length - maxLines}`));
  for (const code of node.failures.slice(0, maxLines))
    lines.push({ kind: 'failure', words: `✗ ${cut(plain(code), 56)}` });
  return lines;
}

function treeTable(section: Section, nodes: readonly ProvenanceNode[]): Html {
  const { say } = section;
  const column = (key: string) => html`<th scope="col">${ownWords(say, key)}</th>`;
  return html`<table><thead><tr>${['tree.depth', 'tree.title', 'tree.relationship', 'tree.state', 'tree.signer', 'tree.time', 'tree.generator', 'tree.actions', 'tree.failures'].map(column)}</tr></thead><tbody>${nodes.map(
    (node) =>
      html`<tr><td class="number">${node.depth}</td><td>${orDash(node.title)}</td><td>${relationshipWords(section, node) || '–'}</td><td>${ownWords(say, `tree.${node.state}`)}</td><td>${orDash(node.signer)}</td><td>${orDash(node.time)}</td><td>${orDash(node.generator)}</td><td>${orDash(node.actions.map(actionName).join(', '))}</td><td>${orDash(node.failures.join(', '))}</td></tr>`,
  )}</tbody></table>`;
}

function orDash(foreign: string): Html | string {
  return foreign === '' ? '–' : shown(foreign);
}

function relationshipWords(section: Section, { relationship }: ProvenanceNode): string {
  return wordsFor(section.say, `relationship.${relationship}`) ?? cut(relationship, 30);
}

const indent = 22;
const lineHeight = 18;
const maxLines = 4;

/** `c2pa.created (trainedAlgorithmicMedia)` */
function actionName({ action, source }: ProvenanceNode['actions'][number]): string {
  return source === '' ? action : `${action} (${source})`;
}
