import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import type { Assessment, RequirementItem } from '../../../src/contract/assessments.ts';
import { assessmentsKey, comment } from '../../api/assessments.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { Doer } from '../screening/doer.tsx';
import { keyOf } from './assessment-page.tsx';

/** What people say about the assessment, or about one requirement of it. */
export function CommentsPart(props: { assessment: Assessment; about: RequirementItem | null; title: string }) {
  const { assessment, about, title } = props;
  const say = useWords();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const shown = assessment.comments.filter(
    ({ requirement }) => about === null || (requirement !== null && keyOf(requirement) === keyOf(about)),
  );
  const send = useMutation({
    mutationFn: () =>
      comment(assessment.id, {
        text: text.trim(),
        requirement: about && { rulebook: about.rulebook, id: about.id },
      }),
    onSuccess: async (whole) => {
      client.setQueryData([...assessmentsKey, 'one', assessment.id], whole);
      await client.invalidateQueries({ queryKey: assessmentsKey });
      setText('');
    },
  });
  return (
    <Section title={title}>
      <ul className="assess-comments">
        {shown.map(({ id, text: said, by, at, requirement }) => (
          <li key={id}>
            <p>{said}</p>
            <p className="quiet">
              <Doer doer={by} /> · <Time at={at} />
              {about === null && requirement && <code> {requirement.id}</code>}
            </p>
          </li>
        ))}
      </ul>
      <Input.TextArea
        value={text}
        aria-label={say('assessments.comment')}
        placeholder={say('assessments.comment')}
        maxLength={4000}
        autoSize={{ minRows: 1 }}
        onChange={({ target }) => setText(target.value)}
      />
      {send.error && <ProblemNote error={send.error} />}
      {text.trim() !== '' && (
        <Button size="small" loading={send.isPending} onClick={() => send.mutate()}>
          {say('assessments.comment.send')}
        </Button>
      )}
    </Section>
  );
}
