import { Fragment } from 'react';
import { type ProvenanceNode, readProvenance } from '../../../../src/contract/provenance.ts';
import { useWords } from '../../../words/words.ts';
import { Foreign, knownWords } from '../sentence.tsx';
import { Badge } from './badge.tsx';
import type { Shown } from './shown.ts';

const most = 6;

/** The history that each content credential tells: the file on top, below it what went in, nearest first. */
export function ProvenanceTrees({ shown }: { shown: Shown }) {
  return shown.signals.map((signal, position) => {
    const nodes = signal.layer === 'provenance' ? readProvenance(signal) : [];
    return nodes.length === 0 ? null : <Tree key={signal.id} nodes={nodes} number={position + 1} />;
  });
}

function Tree({ nodes, number }: { nodes: ProvenanceNode[]; number: number }) {
  const say = useWords();
  return (
    <section className="tree-part" aria-label={say('report.chart.tree')}>
      <h2>
        {say('report.chart.tree')} <Badge number={number} />
      </h2>
      <ol className="tree">
        {nodes.map((node, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: ingredients have no name but their order
          <li key={at} className={`node node-${node.state}`} style={{ marginInlineStart: node.depth * 22 }}>
            <Node node={node} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Node({ node }: { node: ProvenanceNode }) {
  const say = useWords();
  const title = node.title === '' ? say('report.tree.untitled') : <Foreign text={node.title} most={80} />;
  return (
    <>
      <p className="node-title">
        {node.depth === 0 ? (
          <>
            {say('report.tree.this-file')} · {title}
          </>
        ) : (
          <>
            {title}
            {node.relationship !== '' && (
              <span className="quiet">
                {' · '}
                {knownWords(say, `report.relationship.${node.relationship}`) ?? (
                  <Foreign text={node.relationship} most={30} />
                )}
              </span>
            )}
          </>
        )}
      </p>
      <p className={node.state === 'failed' ? 'node-failed' : 'quiet'}>{say(`report.tree.${node.state}`)}</p>
      <dl className="node-facts">
        {node.signer !== '' && <Fact name="report.tree.signer" value={node.signer} />}
        {node.time !== '' && <Fact name="report.tree.time" value={node.time} />}
        {node.generator !== '' && <Fact name="report.tree.generator" value={node.generator} />}
      </dl>
      {node.actions.length > 0 && (
        <ul className="node-actions" aria-label={say('report.tree.actions')}>
          {node.actions.slice(0, most).map(({ action, source }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same action may stand twice
            <Fragment key={at}>
              <li>
                → {knownWords(say, `screening.action.${action}`) ?? <code>{action}</code>}
                {source !== '' && (
                  <span className="quiet">
                    {' · '}
                    <Foreign text={source.slice(source.lastIndexOf('/') + 1)} most={60} />
                  </span>
                )}
              </li>
            </Fragment>
          ))}
          {node.actions.length > most && <li className="quiet">… +{node.actions.length - most}</li>}
        </ul>
      )}
      {node.failures.length > 0 && (
        <ul className="node-actions">
          {node.failures.slice(0, most).map((code) => (
            <li key={code} className="node-failed">
              ✗ <code>{code}</code>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  const say = useWords();
  return (
    <>
      <dt>{say(name)}</dt>
      <dd>
        <Foreign text={value} most={120} />
      </dd>
    </>
  );
}
