import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Reason, RulebookAnswer, TriggerAnswer } from '../../../src/contract/question.ts';
import type { Rulebook } from '../../../src/contract/rulebook.ts';
import { rulebookQuery } from '../../api/rulebooks.ts';
import { useLang, useWords } from '../../words/words.ts';
import { Mark, type MarkKind } from '../rulebooks/mark.tsx';
import { Clause, InBoth, SourceLinks, VerifiedMark } from '../rulebooks/rule-parts.tsx';
import { sayFacts, sayReason } from '../rulebooks/say.ts';
import { sayAsks } from './say.ts';

/** Every fact and clause behind one rulebook's answer, with where it was read and whether anybody did. */
export function RulebookFold({ rulebook }: { rulebook: RulebookAnswer }) {
  const say = useWords();
  const lang = useLang();
  const { data: whole } = useQuery(rulebookQuery(rulebook.id));
  const state = { applies: 'fired', 'does-not-apply': 'not-fired', 'cannot-say': 'unknown' } as const;
  const requirements = [...new Set(rulebook.due.flatMap((due) => due.requirements))];
  return (
    <div className="fold">
      <p className="fold-title">
        {rulebook.title[lang]} · <Link to={`/rulebooks/${rulebook.id}`}>{say('question.fold.read')}</Link>
      </p>
      <RuleAnswer
        title={say('question.fold.scope')}
        rule={{ ...rulebook.scope, state: state[rulebook.verdict] }}
        whole={whole}
      />
      {rulebook.triggers.map((trigger) => (
        <RuleAnswer key={trigger.id} title={say('question.fold.trigger')} rule={trigger} whole={whole} />
      ))}
      {whole && requirements.length > 0 && (
        <details className="fold-requirements">
          <summary>{say('question.fold.requirements', { count: requirements.length })}</summary>
          <ul className="fold-list">
            {whole.requirements
              .filter(({ id }) => requirements.includes(id))
              .map(({ id, title, clause }) => (
                <li key={id}>
                  <Link to={`/rulebooks/${rulebook.id}#${id}`}>{title[lang]}</Link>{' '}
                  <span className="quiet">{clause[lang]}</span>
                </li>
              ))}
          </ul>
        </details>
      )}
    </div>
  );
}

const marks = { fired: 'due', 'not-fired': 'none', unknown: 'open' } as const satisfies Record<
  TriggerAnswer['state'],
  MarkKind
>;

function RuleAnswer({ title, rule, whole }: { title: string; rule: TriggerAnswer; whole: Rulebook | undefined }) {
  const say = useWords();
  const lang = useLang();
  return (
    <section className="rule-answer">
      <header>
        <Mark of={marks[rule.state]}>
          {title} <Clause clause={rule.clause} />
        </Mark>
        <span className="quiet">{say(`question.rule.${rule.state}`)}</span>
        <code className="quiet">{rule.id}</code>
      </header>
      <InBoth text={rule.text} quotes={rule.quotes} />
      {rule.because.length > 0 && (
        <ul className="fold-list">
          {rule.because.map((reason) => (
            <ReasonLine key={`${reason.rule} ${reason.fact} ${JSON.stringify(reason.asks)}`} reason={reason} />
          ))}
        </ul>
      )}
      {rule.missing.length > 0 && <p>{say('rulebook.missing', { facts: sayFacts(rule.missing, say, lang) })}</p>}
      <p className="rule-foot">
        <VerifiedMark verified={rule.verified} provenance={rule.provenance} />{' '}
        <SourceLinks of={rule.source} whole={whole} />
      </p>
    </section>
  );
}

function ReasonLine({ reason }: { reason: Reason }) {
  const say = useWords();
  const lang = useLang();
  return (
    <li>
      <Mark of={reason.holds ? 'done' : 'none'}>{sayReason(reason, say, lang)}</Mark>{' '}
      <span className="quiet">
        {sayAsks(reason, say, lang)} · <Clause clause={reason.clause} />
        {!reason.verified && ` · ${say('rulebook.unverified')}`}
      </span>
    </li>
  );
}
