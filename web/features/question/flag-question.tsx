import type { KeyboardEvent } from 'react';
import type { FactSource } from '../../../src/contract/gate.ts';
import { useWords } from '../../words/words.ts';
import type { FlagName } from './facts-table.ts';

const answers = ['yes', 'no', 'unknown'] as const;

/** One yes-or-no fact. "Don't know" is an answer. Y, N and the question mark answer from the keyboard. */
export function FlagQuestion(props: {
  fact: FlagName;
  /** As answered on the page. */
  value: boolean | undefined;
  /** As registered, and where. */
  stored: boolean | undefined;
  source: FactSource | undefined;
  /** How many open rules wait for it. */
  waiting: number;
  onChange: (value: boolean | undefined) => void;
}) {
  const { fact, value, stored, source, waiting, onChange } = props;
  const say = useWords();
  const chosen = value === undefined ? 'unknown' : value ? 'yes' : 'no';
  const third =
    stored === undefined
      ? say('question.unknown')
      : say('question.as-registered', { value: say(stored ? 'question.yes' : 'question.no') });
  const choose = (answer: (typeof answers)[number]) => onChange(answer === 'unknown' ? undefined : answer === 'yes');
  const onKey = (event: KeyboardEvent) => {
    const answer = { y: 'yes', n: 'no', '?': 'unknown', '？': 'unknown' }[event.key];
    const known = answers.find((one) => one === answer);
    if (known === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(known);
  };
  return (
    <fieldset className="flag" id={`fact-${fact}`} onKeyDown={onKey}>
      <legend>
        {say(`fact.${fact}.ask`)}
        {source?.function && value === undefined && (
          <span className="flag-note"> {say('question.from-function', { name: source.function })}</span>
        )}
        {value === undefined && stored === undefined && waiting > 0 && (
          <span className="flag-note"> {say('question.waiting', { count: waiting })}</span>
        )}
      </legend>
      <div className="flag-answers">
        {answers.map((answer) => (
          <label key={answer} className="flag-answer">
            <input type="radio" name={`fact-${fact}`} checked={chosen === answer} onChange={() => choose(answer)} />
            <span>{answer === 'unknown' ? third : say(`question.${answer}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
