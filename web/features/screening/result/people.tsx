import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import type { Decision, Screening } from '../../../../src/contract/screenings.ts';
import { useMay } from '../../../api/me.ts';
import { ProblemNote } from '../../../ui/problem-note.tsx';
import { SignalMark } from '../../../ui/signal-mark.tsx';
import { Time } from '../../../ui/time.tsx';
import { useWords } from '../../../words/words.ts';
import { addNote } from '../calls.ts';
import { Doer } from '../doer.tsx';
import { useReadAgain } from '../read-again.ts';
import { Foreign } from '../sentence.tsx';

/** What people wrote and decided, oldest first. Nothing here is ever changed, only added to. */
export function People({ screening }: { screening: Screening }) {
  const say = useWords();
  const mayWrite = useMay('administrator', 'assessor', 'engineer', 'clerk', 'examiner', 'director');
  return (
    <section className="people" aria-label={say('screening.people')}>
      <h2>{say('screening.people')}</h2>
      {screening.decisions.length === 0 && <p className="quiet">{say('screening.people.none')}</p>}
      <ol className="decisions">
        {screening.decisions.map((decision) => (
          <DecisionLine key={decision.id} decision={decision} />
        ))}
      </ol>
      {mayWrite && <NoteForm id={screening.id} />}
    </section>
  );
}

function DecisionLine({ decision: { kind, word, reason, by, at } }: { decision: Decision }) {
  const say = useWords();
  return (
    <li className={`decision decision-${kind}`}>
      <p className="decision-head">
        <b>
          <Doer doer={by} />
        </b>{' '}
        <span className="quiet">
          {say(`screening.decision.${kind}`)}{' '}
          {word && <SignalMark of={word}>{say(`screening.word.${word}`)}</SignalMark>} · <Time at={at} />
        </span>
      </p>
      {reason !== null && (
        <p className="decision-text">
          <Foreign text={reason} most={5000} />
        </p>
      )}
    </li>
  );
}

function NoteForm({ id }: { id: string }) {
  const say = useWords();
  const field = useId();
  const [text, setText] = useState('');
  const readAgain = useReadAgain();
  const add = useMutation({
    mutationFn: () => addNote(id, text.trim()),
    onSuccess: async () => {
      setText('');
      await readAgain();
    },
  });
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') add.mutate();
      }}
    >
      <label htmlFor={field}>{say('screening.note')}</label>
      <Input.TextArea
        id={field}
        value={text}
        maxLength={5000}
        autoSize={{ minRows: 2, maxRows: 12 }}
        placeholder={say('screening.note.example')}
        onChange={({ target }) => setText(target.value)}
      />
      {add.error && <ProblemNote error={add.error} />}
      <Button htmlType="submit" loading={add.isPending} disabled={text.trim() === ''}>
        {say('screening.note.add')}
      </Button>
    </form>
  );
}
