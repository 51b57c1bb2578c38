import { useEffect, useRef } from 'react';
import { useNotice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';
import { Mark } from '../rulebooks/mark.tsx';
import { summaryMarks } from './answer-panel.tsx';
import type { Answered } from './use-answer.ts';

/** On a narrow page the answer stands below the questions: this line stays in view and leads to it. Changes are read aloud. */
export function SummaryBar({ answered: { answer, behind } }: { answered: Answered }) {
  const say = useWords();
  const { announce } = useNotice();
  const last = useRef<string | undefined>(undefined);
  const summary = answer?.summary;
  useEffect(() => {
    if (behind || summary === undefined) return;
    if (last.current !== undefined && last.current !== summary) announce(say(`question.summary.${summary}`));
    last.current = summary;
  }, [behind, summary, announce, say]);
  if (summary === undefined) return null;
  return (
    <a className="summary-bar" href="#answer">
      <Mark of={summaryMarks[summary]}>{say(`question.summary.${summary}`)}</Mark>
      <span aria-hidden="true">↓</span>
    </a>
  );
}
