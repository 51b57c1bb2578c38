import { Segmented } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { Assessment, RequirementItem } from '../../../src/contract/assessments.ts';
import { useMe } from '../../api/me.ts';
import { useLang, useWords } from '../../words/words.ts';
import { keyOf } from './assessment-page.tsx';
import { ResultMark } from './marks.tsx';

type Filter = 'all' | 'open' | 'fails' | 'mine' | 'changed';

/** Requirements by rulebook, each with its state. J, K and the arrows move; the address follows. */
export function RequirementList(props: {
  assessment: Assessment;
  chosen: RequirementItem | null;
  onChoose: (one: RequirementItem) => void;
}) {
  const { assessment, chosen, onChoose } = props;
  const say = useWords();
  const lang = useLang();
  const { person } = useMe();
  const [filter, setFilter] = useState<Filter>('all');
  const filters: Record<Filter, (one: RequirementItem) => boolean> = {
    all: () => true,
    open: ({ result }) => result === 'open',
    fails: ({ result }) => result === 'fails',
    mine: ({ assignee }) => assignee?.id === person.id,
    changed: ({ changed }) => changed.length > 0,
  };
  const shown = assessment.requirements.filter(filters[filter]);
  const usable = (['all', 'open', 'fails', 'mine', 'changed'] as const).filter(
    (one) => one === 'all' || one === filter || assessment.requirements.some(filters[one]),
  );
  const list = useRef<HTMLElement>(null);
  useMoving(shown, chosen, onChoose);
  return (
    <nav ref={list} className="workspace-list" aria-label={say('assessments.requirements')}>
      <Segmented
        size="small"
        value={filter}
        options={usable.map((value) => ({
          value,
          label: `${say(`assessments.filter.${value}`)} ${assessment.requirements.filter(filters[value]).length}`,
        }))}
        onChange={setFilter}
      />
      {assessment.rulebooks.map(({ id, shortTitle }) => {
        const own = shown.filter(({ rulebook }) => rulebook === id);
        if (own.length === 0) return null;
        return (
          <section key={id}>
            <h3>{shortTitle[lang]}</h3>
            <ul>
              {own.map((one) => (
                <li key={keyOf(one)}>
                  <button
                    type="button"
                    className="requirement-line"
                    aria-current={chosen !== null && keyOf(one) === keyOf(chosen)}
                    onClick={() => onChoose(one)}
                  >
                    <ResultMark result={one.result} quiet />
                    <code>{one.id}</code>
                    <span className="requirement-title">{one.title[lang]}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      {shown.length === 0 && <p className="quiet">{say('assessments.filter.none')}</p>}
    </nav>
  );
}

function useMoving(
  shown: readonly RequirementItem[],
  chosen: RequirementItem | null,
  onChoose: (one: RequirementItem) => void,
): void {
  useEffect(() => {
    const move = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0;
      if (step === 0 || shown.length === 0) return;
      const at = chosen ? shown.findIndex((one) => keyOf(one) === keyOf(chosen)) : -1;
      const next = shown[Math.min(shown.length - 1, Math.max(0, at + step))];
      if (next) onChoose(next);
      event.preventDefault();
    };
    document.addEventListener('keydown', move);
    return () => document.removeEventListener('keydown', move);
  }, [shown, chosen, onChoose]);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [role="dialog"]') !== null;
}
