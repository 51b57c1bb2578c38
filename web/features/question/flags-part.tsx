import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { FactName, Facts } from '../../../src/contract/facts.ts';
import type { FactSource } from '../../../src/contract/gate.ts';
import type { Answer } from '../../../src/contract/question.ts';
import { useWords } from '../../words/words.ts';
import { type FlagName, flagNames, flags, isFlag } from './facts-table.ts';
import { FlagQuestion } from './flag-question.tsx';

/** So many unanswered questions stand on the page at once: those that settle most. */
const atOnce = 5;

/** The yes-or-no questions that some rule waits for, the most useful first; none is asked that no rule needs. */
export function FlagsPart(props: {
  facts: Facts;
  stored: Facts;
  sources: readonly FactSource[];
  ask: Answer['ask'];
  /** A question that somebody asked to see. */
  wanted: FactName | null;
  onChange: (facts: Facts) => void;
}) {
  const { facts, stored, sources, ask, wanted, onChange } = props;
  const say = useWords();
  const [all, setAll] = useState(false);
  const waiting = new Map(ask.map(({ fact, rules }) => [fact, rules.length]));
  const shown = useShown({ facts, stored, ask, wanted });
  const known = flagNames.filter((name) => flags[name].read(stored) !== undefined && !shown.includes(name));
  const rest = flagNames.filter((name) => !shown.includes(name) && !known.includes(name));
  const line = (name: FlagName) => (
    <FlagQuestion
      key={name}
      fact={name}
      value={flags[name].read(facts)}
      stored={flags[name].read(stored)}
      source={sources.find(({ fact }) => fact === name)}
      waiting={waiting.get(name) ?? 0}
      onChange={(value) => onChange(flags[name].write(facts, value))}
    />
  );
  return (
    <>
      {shown.map(line)}
      {shown.length === 0 && <p className="quiet">{say('question.flags.none')}</p>}
      {known.length > 0 && (
        <details className="flag-more">
          <summary>{say('question.flags.registered', { count: known.length })}</summary>
          {known.map(line)}
        </details>
      )}
      {rest.length > 0 && !all && (
        <Button type="text" size="small" className="flag-all" onClick={() => setAll(true)}>
          {say('question.flags.rest', { count: rest.length })}
        </Button>
      )}
      {all && rest.map(line)}
    </>
  );
}

/** Keeps what was asked once where it was, so that nothing moves under the hand; new questions come below. */
function useShown({
  facts,
  stored,
  ask,
  wanted,
}: {
  facts: Facts;
  stored: Facts;
  ask: Answer['ask'];
  wanted: FactName | null;
}): FlagName[] {
  const before = useRef<FlagName[]>([]);
  const isAnswered = (name: FlagName) => flags[name].read(facts) !== undefined;
  const asked = ask.map(({ fact }) => fact).filter(isFlag);
  const answered = flagNames.filter((name) => isAnswered(name) && !before.current.includes(name));
  const kept = before.current.filter((name) => isAnswered(name) || asked.includes(name) || name === wanted);
  const more = asked.filter((name) => !kept.includes(name) && flags[name].read(stored) === undefined);
  const room = Math.max(0, atOnce - kept.filter((name) => !isAnswered(name)).length);
  const extra = wanted !== null && isFlag(wanted) ? [wanted] : [];
  const shown = [...new Set([...kept, ...answered, ...more.slice(0, room), ...extra])];
  useEffect(() => {
    before.current = shown;
  });
  return shown;
}
