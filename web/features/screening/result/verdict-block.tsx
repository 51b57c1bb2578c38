import { SignalMark } from '../../../ui/signal-mark.tsx';
import { useWords } from '../../../words/words.ts';
import { knownWords, Sentence } from '../sentence.tsx';
import { isVerdict, wordOf } from '../verdict-words.ts';
import { Badges } from './badge.tsx';
import { OverrideBar } from './override.tsx';
import type { Shown } from './shown.ts';

/** What a person reads first: the verdict in one sentence, and which label the file owes its way onwards. */
export function VerdictBlock({ shown }: { shown: Shown }) {
  const say = useWords();
  const { record, screening } = shown;
  const { verdict, propagation } = record;
  const word = wordOf(screening);
  const clause = propagation.rule === null ? null : knownWords(say, `report.rule.${propagation.rule}`);
  return (
    <section className={`verdict verdict-${word}`} aria-label={say('screening.verdict')}>
      <p className="verdict-word">
        {isVerdict(word) && <SignalMark of={word}>{say(`screening.word.${word}`)}</SignalMark>}
        {screening.override && <span className="quiet verdict-machine">{say('screening.verdict.machine')}</span>}
      </p>
      <p className="verdict-sentence">
        <Sentence of={`verdict.${verdict.code}`} />
      </p>
      {verdict.because.length > 0 && (
        <p className="quiet">
          {say('report.because')} <Badges shown={shown} ids={verdict.because} />
        </p>
      )}
      <OverrideBar screening={screening} />
      <dl className="verdict-more">
        <dt>{say('report.propagation')}</dt>
        <dd>
          <strong>
            <Sentence of={`propagation.${propagation.status}`} />
          </strong>{' '}
          {clause && (
            <>
              {clause} <code className="quiet">{propagation.rule}</code>{' '}
            </>
          )}
          <Badges shown={shown} ids={propagation.because} />
          <span className="quiet verdict-about">{say(`screening.propagation.${propagation.status}`)}</span>
        </dd>
      </dl>
    </section>
  );
}
