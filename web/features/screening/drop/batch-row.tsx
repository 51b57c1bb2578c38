import { CaretRightOutlined, CloseOutlined, PauseOutlined, RedoOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ScreeningItem } from '../../../../src/contract/screenings.ts';
import { explainProblem } from '../../../ui/problem-note.tsx';
import { Time } from '../../../ui/time.tsx';
import { useLang, useWords } from '../../../words/words.ts';
import { bytes } from '../figures.ts';
import { Foreign, Sentence } from '../sentence.tsx';
import { VerdictMark } from '../verdict-mark.tsx';
import { wordOf } from '../verdict-words.ts';
import type { BatchRow } from './batch-rows.ts';
import { Progress } from './progress.tsx';
import type { Sending } from './sending.ts';
import { giveUp, goOn, pause } from './uploads.ts';

/** One file, from its first byte to its verdict, in a line whose height never changes. */
export function FileRow({ row }: { row: BatchRow }) {
  const lang = useLang();
  const { name, sending, item } = row;
  const size = item?.bytes ?? row.bytes;
  const own = name.slice(name.lastIndexOf('/') + 1) || name;
  const folder = name.slice(0, name.length - own.length);
  return (
    <li className={`drop-row${item?.overridden ? ' is-overridden' : ''}`}>
      <span className="drop-word">
        <Word sending={sending} item={item} />
      </span>
      <span className="drop-name">
        {item ? (
          <Link to={`/screen/${item.id}`} className="row-link">
            <Foreign text={own} most={160} />
          </Link>
        ) : (
          <Foreign text={own} most={160} />
        )}
        {folder && (
          <span className="drop-folder quiet">
            <Foreign text={folder} most={120} />
          </span>
        )}
      </span>
      <span className="drop-what">
        {item ? <Came row={row} item={item} /> : sending && <OnItsWay sending={sending} />}
      </span>
      <span className="drop-size quiet">{size === null ? '' : bytes(lang, size)}</span>
      <span className="drop-actions">{sending && <Actions sending={sending} />}</span>
    </li>
  );
}

/** The word for where it is. */
export function Word({ sending, item }: { sending: Sending | null; item: ScreeningItem | null }) {
  const say = useWords();
  if (item) return <VerdictMark word={wordOf(item)} />;
  const is = sending?.way.is === 'sent' ? 'queued' : (sending?.way.is ?? 'queued');
  if (is === 'queued') return <VerdictMark word="queued" />;
  return <span className={`under-way under-way-${is}`}>{say(`screening.way.${is}`)}</span>;
}

function Came({ row: { sending }, item }: { row: BatchRow; item: ScreeningItem }): ReactNode {
  const say = useWords();
  const duplicate = sending?.way.is === 'sent' && sending.way.duplicate;
  if (item.state === 'queued') return <Progress share={0} text={say('screening.queued')} />;
  if (item.state === 'examining') {
    const { stage, share } = item.progress ?? { stage: 'start', share: 0 };
    return <Progress share={share} text={say(`screening.stage.${stage}`)} />;
  }
  if (item.state === 'failed' && item.failure) {
    return (
      <span className="drop-sentence drop-failed">
        <Sentence of={`problem.${item.failure.code}`} params={item.failure.params} />
      </span>
    );
  }
  return (
    <span className="drop-sentence">
      {item.conflicts > 0 && <strong className="drop-conflict">{say('screening.conflict')} · </strong>}
      {duplicate ? (
        <>
          {say('screening.duplicate')} <Time at={item.createdAt} />
        </>
      ) : (
        item.verdict && <Sentence of={`verdict.${item.verdict.code}`} />
      )}
    </span>
  );
}

/** How far a file is on its way to the server. */
export function OnItsWay({ sending: { way, bytes: all } }: { sending: Sending }): ReactNode {
  const say = useWords();
  const lang = useLang();
  if (way.is === 'refused') {
    const { title, next } = explainProblem(way.error, say);
    return (
      <span className="drop-sentence drop-failed" title={next ?? undefined}>
        {title} {next}
      </span>
    );
  }
  if (way.is === 'sent') return <Progress share={0} text={say('screening.queued')} />;
  const amount = { sent: bytes(lang, way.sent), all: bytes(lang, all) };
  const share = all === 0 ? 1 : way.sent / all;
  const text =
    way.is === 'waiting'
      ? say('screening.way.waiting.about', amount)
      : way.is === 'paused'
        ? say(way.why === 'silence' ? 'screening.way.silent.about' : 'screening.way.paused.about', amount)
        : way.bytesPerSecond === null || way.bytesPerSecond < 1
          ? say('screening.way.sending.about', amount)
          : say('screening.way.sending.speed', { ...amount, speed: bytes(lang, way.bytesPerSecond) });
  return <Progress share={share} text={text} still={way.is !== 'sending'} />;
}

/** What one may do about a file that is on its way. */
export function Actions({ sending: { key, name, way } }: { sending: Sending }): ReactNode {
  const say = useWords();
  const button = (word: string, icon: ReactNode, act: () => void) => (
    <Button size="small" type="text" icon={icon} title={say(word)} aria-label={`${say(word)}: ${name}`} onClick={act} />
  );
  if (way.is === 'sent') return null;
  return (
    <>
      {way.is === 'sending' && button('screening.way.pause', <PauseOutlined />, () => pause(key))}
      {way.is === 'paused' && button('screening.way.go-on', <CaretRightOutlined />, () => goOn(key))}
      {way.is === 'refused' && way.again && button('screening.way.again', <RedoOutlined />, () => goOn(key))}
      {button(way.is === 'refused' ? 'screening.way.dismiss' : 'screening.way.give-up', <CloseOutlined />, () =>
        giveUp(key),
      )}
    </>
  );
}
