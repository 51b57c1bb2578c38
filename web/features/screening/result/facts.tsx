import type { ReactNode } from 'react';
import type { Media } from '../../../../src/contract/screening.ts';
import { HashText } from '../../../ui/copy.tsx';
import { Time } from '../../../ui/time.tsx';
import { type Say, useLang, useWords } from '../../../words/words.ts';
import { Doer } from '../doer.tsx';
import { bytes, clock, count } from '../figures.ts';
import { Foreign } from '../sentence.tsx';
import { RawRecord } from './raw-record.tsx';
import { sampledWords } from './sampled.ts';
import type { Shown } from './shown.ts';

/** Name, hash, size, format, streams; who sent it; with what it was examined. */
export function Facts({ shown }: { shown: Shown }) {
  const say = useWords();
  const lang = useLang();
  const { screening, record } = shown;
  const { file, media, versions } = record;
  const sampled = sampledWords(shown, say, lang);
  const tools = Object.entries(versions.tools).map(([id, version]) => ({ id, version, sha256: null }));
  return (
    <section className="facts">
      <h2>{say('report.facts')}</h2>
      <dl className="points">
        <Row name={say('report.facts.name')}>
          <Foreign text={screening.name} most={1000} />
        </Row>
        <Row name={say('report.facts.sha256')}>
          {screening.sha256 === null ? say('report.facts.no-hash') : <HashText value={screening.sha256} keep={24} />}
        </Row>
        <Row name={say('report.facts.size')}>
          {file.bytes === null
            ? say('report.unknown')
            : `${bytes(lang, file.bytes)} (${say('report.bytes', { number: count(lang, file.bytes) })})`}
        </Row>
        <Row name={say('report.facts.format')}>
          {file.format === null
            ? say('report.facts.no-format')
            : `${say(`report.kind.${file.kind ?? 'document'}`)} · ${file.format}`}
        </Row>
        {media?.durationMs != null && <Row name={say('report.facts.duration')}>{clock(media.durationMs, true)}</Row>}
        {media?.width != null && media.height !== null && (
          <Row name={say('report.facts.picture')}>
            {media.width} × {media.height}
          </Row>
        )}
        {media && media.streams.length > 0 && (
          <Row name={say('report.facts.streams')}>
            <ul className="lines">
              {media.streams.slice(0, 32).map((stream, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: streams have no name but their place in the file
                <li key={at}>{streamWords(stream, say, lang)}</li>
              ))}
            </ul>
          </Row>
        )}
        {sampled && <Row name={say('report.facts.sampled')}>{sampled}</Row>}
        <Row name={say('screening.facts.sent')}>
          <Time at={screening.createdAt} /> · <Doer doer={screening.by} /> ·{' '}
          {say(`screening.source.${screening.source}`)}
          {screening.address !== null && (
            <span className="quiet facts-address">
              <Foreign text={screening.address} most={500} />
            </span>
          )}
        </Row>
        <Row name={say('report.facts.isolation')}>{say(`report.isolation.${record.isolation}`)}</Row>
      </dl>
      <details className="fold">
        <summary>{say('report.versions')}</summary>
        <dl className="points">
          <Row name={say('report.versions.clearmirror')}>
            <code>{versions.clearmirror}</code>
          </Row>
          <Row name={say('report.versions.rule')}>
            <code>{versions.verdictRule}</code>
          </Row>
          <Row name={say('report.versions.tools')}>
            <Pinned parts={tools} />
          </Row>
          <Row name={say('report.versions.models')}>
            <Pinned parts={versions.models} />
          </Row>
          <Row name={say('report.versions.trust-lists')}>
            <Pinned parts={versions.trustLists} />
          </Row>
        </dl>
      </details>
      <RawRecord shown={shown} />
    </section>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Pinned({ parts }: { parts: readonly { id: string; version: string; sha256: string | null }[] }) {
  const say = useWords();
  if (parts.length === 0) return say('report.versions.none');
  return (
    <ul className="lines">
      {parts.map(({ id, version, sha256 }) => (
        <li key={id}>
          {id} <code>{version}</code>{' '}
          {sha256 !== null && (
            <code className="quiet" title={sha256}>
              {sha256.slice(0, 16)}…
            </code>
          )}
        </li>
      ))}
    </ul>
  );
}

function streamWords(stream: Media['streams'][number], say: Say, lang: 'en' | 'zh'): string {
  const { width, height, frameRate, sampleRateHz, channels } = stream;
  return [
    say(`report.stream.${stream.kind}`),
    stream.codec,
    width !== undefined && height !== undefined && `${width} × ${height}`,
    frameRate !== undefined && say('report.stream.frames', { rate: Number(frameRate.toFixed(2)) }),
    sampleRateHz !== undefined && `${count(lang, sampleRateHz)} Hz`,
    channels !== undefined && say('report.stream.channels', { number: channels }),
  ]
    .filter(Boolean)
    .join(' · ');
}
