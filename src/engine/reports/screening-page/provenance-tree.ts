import type { Signal } from '../../../contract/screening.ts';
import { chart } from './chart.ts';
import { cut, type Html, html, shown } from './html.ts';
import { badge, type Section } from './section.ts';
import { ownWords, wordsFor } from './words.ts';

/** One box of the graph: the file itself or something it was made from. */
export interface ProvenanceNode {
  title: string;
  /** `parentOf`, `componentOf`, `inputTo`; null for the file itself. */
  relationship: string | null;
  signer: string | null;
  time: string | null;
  generator: string | null;
  actions: string[];
  /** C2PA status codes that are failures. */
  failures: string[];
  hasManifest: boolean;
  children: ProvenanceNode[];
}

/** The history that the content credentials tell, as a graph read from the file down to its ingredients. */
export function provenanceTree(section: Section): Html[] {
  return section.signals.flatMap((signal, position) => {
    if (signal.layer !== 'provenance') return [];
    const root = readProvenance(signal);
    return root === null ? [] : [treeChart(section, root, position + 1)];
  });
}

/**
 * Reads the manifest store that a C2PA signal keeps as evidence: `activeManifest` names one of `manifests` (a map by label or a list),
 * each with generator, signature, actions and `ingredients`, whose own manifest is again in the store. Field names in camel or snake
 * case. Null when the evidence holds no manifest; what is missing is left out, what is odd is skipped.
 */
export function readProvenance(signal: Signal): ProvenanceNode | null {
  const store = objectOf(signal.evidence);
  if (store === null) return null;
  const manifests = manifestsOf(store);
  const active = field(store, 'activeManifest', 'active_manifest', 'active');
  const label = textOf(active);
  const manifest = objectOf(active) ?? (label === null ? null : (manifests.get(label) ?? null));
  if (manifest === null) return null;
  const budget = { nodes: maxNodes };
  const failures = statusCodes(field(store, 'failures', 'validationStatus', 'validation_status'));
  return nodeOf(manifest, { manifests, budget, path: new Set(label === null ? [] : [label]), depth: 0, failures });
}

interface Walk {
  manifests: ReadonlyMap<string, Fields>;
  budget: { nodes: number };
  /** Labels on the way down: a manifest may name itself as its own ingredient. */
  path: ReadonlySet<string>;
  depth: number;
  failures: string[];
}

function nodeOf(manifest: Fields, walk: Walk): ProvenanceNode {
  const signature = objectOf(field(manifest, 'signature', 'signatureInfo', 'signature_info', 'signer')) ?? {};
  return {
    title: textOf(field(manifest, 'title')) ?? '',
    relationship: null,
    signer:
      textOf(field(manifest, 'signer', 'issuer')) ??
      textOf(field(signature, 'commonName', 'common_name', 'subject', 'issuer', 'name')),
    time: textOf(field(manifest, 'signedAt', 'time')) ?? textOf(field(signature, 'time', 'signedAt')),
    generator: generatorOf(manifest),
    actions: actionsOf(manifest),
    failures: [...walk.failures, ...statusCodes(field(manifest, 'failures'))],
    hasManifest: true,
    children: listOf(field(manifest, 'ingredients')).flatMap((entry) => ingredientNode(entry, walk)),
  };
}

function ingredientNode(entry: unknown, walk: Walk): ProvenanceNode[] {
  const ingredient = objectOf(entry);
  if (ingredient === null || walk.budget.nodes <= 0) return [];
  walk.budget.nodes -= 1;
  const named = field(ingredient, 'activeManifest', 'active_manifest', 'manifest');
  const label = textOf(named);
  const manifest = objectOf(named) ?? (label === null ? null : (walk.manifests.get(label) ?? null));
  const failures = statusCodes(field(ingredient, 'failures', 'validationStatus', 'validation_status'));
  const title = textOf(field(ingredient, 'title')) ?? '';
  const relationship = textOf(field(ingredient, 'relationship'));
  const bare: ProvenanceNode = {
    title,
    relationship,
    signer: null,
    time: null,
    generator: null,
    actions: [],
    failures,
    hasManifest: label !== null || manifest !== null,
    children: [],
  };
  if (manifest === null || walk.depth >= maxDepth || (label !== null && walk.path.has(label))) return [bare];
  const path = new Set(walk.path);
  if (label !== null) path.add(label);
  const inner = nodeOf(manifest, { ...walk, path, depth: walk.depth + 1, failures });
  return [{ ...inner, title: title || inner.title, relationship }];
}

function treeChart(section: Section, root: ProvenanceNode, number: number): Html {
  const { say } = section;
  const rows = flatten(root);
  const boxes: Html[] = [];
  let top = 0;
  const tops: Array<{ depth: number; top: number }> = [];
  for (const { node, depth } of rows) {
    const lines = linesOf(section, node, depth === 0);
    const height = 14 + lines.length * 18;
    const x = depth * indent;
    const parent = tops.findLast((row) => row.depth === depth - 1);
    const elbow =
      parent === undefined ? null : html`<path class="edge" d="M${x - indent / 2} ${parent.top}V${top + 16}H${x}"/>`;
    const state = node.failures.length > 0 ? 'failed' : node.hasManifest ? 'signed' : 'bare';
    boxes.push(
      html`${elbow}<rect class="node n-${state} d${depth}" x="${x + 0.5}" y="${top + 0.5}" height="${height - 1}" rx="3"/>${lines.map(
        ({ text, kind }, index) =>
          html`<text class="node-${kind}" x="${x + 12}" y="${top + 20 + index * 18}">${text}</text>`,
      )}`,
    );
    tops.push({ depth, top: top + height });
    top += height + 12;
  }
  const picture = html`<svg class="tree" width="100%" height="${Math.max(1, top - 12)}" role="img" aria-label="${ownWords(say, 'tree.label', { nodes: rows.length })}">${boxes}</svg>`;
  const about = html`${badge(section, number)}`;
  return chart(section, { kind: 'tree', picture, about: '', table: html`<p>${about}</p>${treeTable(section, rows)}` });
}

function linesOf(
  section: Section,
  node: ProvenanceNode,
  isRoot: boolean,
): Array<{ text: string; kind: 'title' | 'line' | 'failure' }> {
  const { say } = section;
  const lines: Array<{ text: string; kind: 'title' | 'line' | 'failure' }> = [];
  const title = node.title || ownWords(say, 'tree.untitled');
  lines.push({
    kind: 'title',
    text: isRoot
      ? `${ownWords(say, 'tree.this-file')} · ${cut(title, 40)}`
      : `${cut(title, 40)}${node.relationship === null ? '' : ` · ${relationshipWords(section, node.relationship)}`}`,
  });
  if (node.signer !== null)
    lines.push({
      kind: 'line',
      text:
        ownWords(say, 'tree.signed-by', { signer: cut(node.signer, 44) }) +
        (node.time === null ? '' : ` · ${cut(node.time, 25)}`),
    });
  else if (!node.hasManifest) lines.push({ kind: 'line', text: ownWords(say, 'tree.no-manifest') });
  if (node.generator !== null) lines.push({ kind: 'line', text: cut(node.generator, 60) });
  for (const action of node.actions.slice(0, 4)) lines.push({ kind: 'line', text: `→ ${cut(action, 60)}` });
  if (node.actions.length > 4) lines.push({ kind: 'line', text: `→ … +${node.actions.length - 4}` });
  for (const code of node.failures.slice(0, 4)) lines.push({ kind: 'failure', text: `✗ ${cut(code, 56)}` });
  return lines;
}

function treeTable(section: Section, rows: ReadonlyArray<{ node: ProvenanceNode; depth: number }>): Html {
  const { say } = section;
  const column = (key: string) => html`<th scope="col">${ownWords(say, key)}</th>`;
  return html`<table><thead><tr>${column('tree.depth')}${column('tree.title')}${column('tree.relationship')}${column('tree.signer')}${column('tree.time')}${column('tree.generator')}${column('tree.actions')}${column('tree.failures')}</tr></thead><tbody>${rows.map(
    ({ node, depth }) =>
      html`<tr><td class="number">${depth}</td><td>${shown(node.title, 200)}</td><td>${node.relationship === null ? '–' : relationshipWords(section, node.relationship)}</td><td>${shown(node.signer ?? '–', 200)}</td><td>${shown(node.time ?? '–', 60)}</td><td>${shown(node.generator ?? '–', 200)}</td><td>${shown(node.actions.join(', ') || '–', 400)}</td><td>${shown(node.failures.join(', ') || '–', 400)}</td></tr>`,
  )}</tbody></table>`;
}

function relationshipWords(section: Section, relationship: string): string {
  return wordsFor(section.say, `relationship.${relationship}`) ?? cut(relationship, 30);
}

function flatten(root: ProvenanceNode): Array<{ node: ProvenanceNode; depth: number }> {
  const rows: Array<{ node: ProvenanceNode; depth: number }> = [];
  const visit = (node: ProvenanceNode, depth: number) => {
    rows.push({ node, depth });
    for (const child of node.children) visit(child, depth + 1);
  };
  visit(root, 0);
  return rows;
}

const indent = 22;
/** Boxes in one graph and steps down in it: manifests come from strangers. */
const maxNodes = 40;
const maxDepth = 6;

type Fields = { readonly [name: string]: unknown };

function manifestsOf(store: Fields): Map<string, Fields> {
  const manifests = new Map<string, Fields>();
  const held = field(store, 'manifests');
  if (Array.isArray(held)) {
    for (const entry of held) {
      const manifest = objectOf(entry);
      const label = manifest === null ? null : textOf(field(manifest, 'label'));
      if (manifest !== null && label !== null) manifests.set(label, manifest);
    }
    return manifests;
  }
  for (const [label, entry] of Object.entries(objectOf(held) ?? {})) {
    const manifest = objectOf(entry);
    if (manifest !== null) manifests.set(label, manifest);
  }
  return manifests;
}

function generatorOf(manifest: Fields): string | null {
  const named = field(
    manifest,
    'generator',
    'claimGenerator',
    'claim_generator',
    'claimGeneratorInfo',
    'claim_generator_info',
  );
  const first = Array.isArray(named) ? named[0] : named;
  const info = objectOf(first);
  if (info === null) return textOf(first);
  const name = textOf(field(info, 'name'));
  const version = textOf(field(info, 'version'));
  return name === null ? null : [name, version].filter((part) => part !== null).join(' ');
}

/** `c2pa.created (trainedAlgorithmicMedia)`, from the manifest's own list or from its actions assertion. */
function actionsOf(manifest: Fields): string[] {
  const direct = listOf(field(manifest, 'actions'));
  const asserted = listOf(field(manifest, 'assertions')).flatMap((entry) => {
    const assertion = objectOf(entry);
    const label = assertion === null ? null : textOf(field(assertion, 'label'));
    if (assertion === null || label === null || !label.startsWith('c2pa.actions')) return [];
    return listOf(field(objectOf(field(assertion, 'data')) ?? {}, 'actions'));
  });
  return [...direct, ...asserted].flatMap((entry) => {
    const action = objectOf(entry);
    const name = action === null ? textOf(entry) : textOf(field(action, 'action', 'name'));
    if (name === null) return [];
    const source = action === null ? null : textOf(field(action, 'digitalSourceType', 'digital_source_type'));
    return [source === null ? name : `${name} (${source.slice(source.lastIndexOf('/') + 1)})`];
  });
}

/** Codes from a list of strings or of `{ code }`; successes are left out. */
function statusCodes(value: unknown): string[] {
  return listOf(value).flatMap((entry) => {
    const status = objectOf(entry);
    if (status === null) return textOf(entry) ?? [];
    if (field(status, 'success') === true) return [];
    return textOf(field(status, 'code')) ?? [];
  });
}

function field(fields: Fields, ...names: string[]): unknown {
  for (const name of names) if (Object.hasOwn(fields, name) && fields[name] != null) return fields[name];
  return undefined;
}

function objectOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, 100) : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? cut(value, 300) : null;
}
