import type { FactValue } from '../../../src/contract/question.ts';
import type { Rulebook } from '../../../src/contract/rulebook.ts';
import type { Condition, FactCondition } from '../../../src/contract/rulebook-condition.ts';
import { useLang, useWords } from '../../words/words.ts';
import { isFactName } from './fact-names.ts';
import { sayFact, sayValue } from './say.ts';

/** A condition in words, as nested lists: what must be so, all of it or any of it. */
export function ConditionWords({ of, rulebook }: { of: Condition; rulebook: Rulebook }) {
  const say = useWords();
  const lang = useLang();
  if ('fact' in of) return <FactWords of={of} rulebook={rulebook} />;
  if ('always' in of) return <span>{say('rulebooks.when.always')}</span>;
  if ('definition' in of) {
    const definition = rulebook.definitions.find(({ id }) => id === of.definition);
    return (
      <a href={`#${of.definition}`}>{definition ? `${of.definition} · ${definition.clause[lang]}` : of.definition}</a>
    );
  }
  if ('not' in of) {
    return (
      <>
        {say('rulebooks.when.not')} <ConditionWords of={of.not} rulebook={rulebook} />
      </>
    );
  }
  const [parts, word] = 'all' in of ? [of.all, 'rulebooks.when.all'] : [of.any, 'rulebooks.when.any'];
  return (
    <div className="when-words">
      <span className="quiet">{say(word)}</span>
      <ul>
        {parts.map((part) => (
          <li key={JSON.stringify(part)}>
            <ConditionWords of={part} rulebook={rulebook} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function FactWords({ of, rulebook }: { of: FactCondition; rulebook: Rulebook }) {
  const say = useWords();
  const lang = useLang();
  const fact = isFactName(of.fact) ? sayFact(of.fact, say) : of.fact;
  const { how, value } = asked(of, rulebook);
  return (
    <span>
      {fact} {say(`rulebooks.when.${how}`, { of: sayValue(value, say, lang) })}
    </span>
  );
}

function asked(of: FactCondition, rulebook: Rulebook): { how: string; value: FactValue | number } {
  if ('is' in of) return { how: 'is', value: of.is };
  if ('isOneOf' in of) return { how: 'is-one-of', value: of.isOneOf };
  if ('has' in of) return { how: 'has', value: of.has };
  if ('hasAny' in of) return { how: 'has-any', value: of.hasAny };
  if ('hasAll' in of) return { how: 'has-all', value: of.hasAll };
  if ('atLeast' in of) return { how: 'at-least', value: threshold(of.atLeast, rulebook) };
  if ('moreThan' in of) return { how: 'more-than', value: threshold(of.moreThan, rulebook) };
  if ('onOrAfter' in of) return { how: 'on-or-after', value: of.onOrAfter };
  return { how: 'before', value: of.before };
}

function threshold(of: number | { parameter: string }, { parameters }: Rulebook): number {
  if (typeof of === 'number') return of;
  return parameters.find(({ id }) => id === of.parameter)?.value ?? Number.NaN;
}
