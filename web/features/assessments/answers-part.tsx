import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import type { Assessment } from '../../../src/contract/assessments.ts';
import type { Rulebook } from '../../../src/contract/rulebook.ts';
import { assessmentsKey, changeAssessment } from '../../api/assessments.ts';
import { useMay } from '../../api/me.ts';
import { rulebookQuery } from '../../api/rulebooks.ts';
import { useNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useLang, useWords } from '../../words/words.ts';

/** What only people can say in the official forms. What register and probes know is filled in by itself, and may be said otherwise. */
export function AnswersPart({ assessment }: { assessment: Assessment }) {
  return (
    <>
      {assessment.rulebooks.map(({ id }) => (
        <FormOf key={`${id} ${assessment.revision}`} assessment={assessment} rulebook={id} />
      ))}
    </>
  );
}

/** Fields that a line or a text answers; choices and tables are filled in from register and probes. */
const written = ['text', 'long-text', 'tel', 'id-number', 'url', 'date'];

function FormOf({ assessment, rulebook }: { assessment: Assessment; rulebook: string }) {
  const say = useWords();
  const lang = useLang();
  const notice = useNotice();
  const client = useQueryClient();
  const may = useMay('administrator', 'assessor');
  const { data } = useQuery(rulebookQuery(rulebook));
  const save = useMutation({
    mutationFn: (said: Record<string, string>) => {
      const answers = Object.fromEntries(
        Object.entries(said).map(([key, text]) => [key, text.trim() === '' ? null : text.trim()]),
      );
      return changeAssessment(assessment.id, { revision: assessment.revision, answers });
    },
    onSuccess: (whole) => {
      client.setQueryData([...assessmentsKey, 'one', assessment.id], whole);
      notice.done(say('assessments.saved'));
    },
  });
  const form: Rulebook['form'] = data?.form;
  if (!form) return null;
  const fields = form.sections.flatMap((section) =>
    section.fields
      .filter(({ kind }) => written.includes(kind))
      .map((field) => ({ section, field, key: `${rulebook}/${section.id}.${field.id}` })),
  );
  const said = fields.filter(({ key }) => assessment.answers[key] !== undefined).length;
  return (
    <Section title={form.title[lang]} lead={say('assessments.answers.lead')}>
      <details>
        <summary>{say('assessments.answers', { count: said, all: fields.length })}</summary>
        <Form
          layout="vertical"
          requiredMark={false}
          disabled={!may}
          initialValues={Object.fromEntries(fields.map(({ key }) => [key, assessment.answers[key] ?? '']))}
          onFinish={(given: Record<string, string>) => save.mutate(given)}
        >
          {form.sections.map((section) => {
            const own = fields.filter((one) => one.section.id === section.id);
            if (own.length === 0) return null;
            return (
              <fieldset key={section.id} className="answers-section">
                <legend>{section.label[lang]}</legend>
                {own.map(({ field, key }) => (
                  <Form.Item key={key} name={key} label={field.label[lang]}>
                    {field.kind === 'long-text' ? (
                      <Input.TextArea maxLength={20_000} autoSize={{ minRows: 2 }} />
                    ) : (
                      <Input maxLength={2_000} {...(field.kind === 'date' && { type: 'date' })} />
                    )}
                  </Form.Item>
                ))}
              </fieldset>
            );
          })}
          {save.error && <ProblemNote error={save.error} />}
          {may && (
            <Button type="primary" htmlType="submit" loading={save.isPending}>
              {say('assessments.save')}
            </Button>
          )}
        </Form>
      </details>
    </Section>
  );
}
