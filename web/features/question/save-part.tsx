import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Segmented } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Facts } from '../../../src/contract/facts.ts';
import { useMay } from '../../api/me.ts';
import { registerKey } from '../../api/register.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { useNotice } from '../../ui/notice.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { NameFields, SlugField } from '../register/fields.tsx';
import { nameIn } from '../rulebooks/names.ts';
import { Part } from './part.tsx';
import { type Keep, keep, type Said, whatToKeep } from './save.ts';
import type { Subject } from './subject.ts';

/** Keeps what was said as something planned, so that its gate, its deadlines and its filings have a place. */
export function SavePart({ subject, facts, onSaved }: { subject: Subject; facts: Facts; onSaved: () => void }) {
  const say = useWords();
  const lang = useLang();
  const may = useMay('administrator', 'assessor', 'engineer');
  const kept = whatToKeep(subject, facts);
  if (!may || kept.what === 'nothing') return null;
  // An empty list would say "none of these", which nobody has said.
  const needsFeatures = /function|version/.test(kept.what) && facts.features === undefined;
  const params = {
    service: subject.service ? nameIn(subject.service.name, lang) : '',
    function: subject.function ? nameIn(subject.function.name, lang) : '',
  };
  return (
    <Part title={say(`question.save.${kept.what}`, params)} lead={say(`question.save.${kept.what}.lead`)}>
      {needsFeatures && <p>{say('question.save.features-first')}</p>}
      {kept.what !== 'needs-service' && !needsFeatures && (
        <SaveForm key={kept.what} subject={subject} facts={facts} kept={kept} onSaved={onSaved} />
      )}
    </Part>
  );
}

function SaveForm(props: { subject: Subject; facts: Facts; kept: Keep; onSaved: () => void }) {
  const { subject, facts, kept, onSaved } = props;
  const say = useWords();
  const notice = useNotice();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [form] = Form.useForm<Said>();
  const [ownSlug, setOwnSlug] = useState(false);
  const isNew = kept.what === 'new-function' || kept.what === 'new-service';
  const save = useMutation({
    mutationFn: (said: Said) => keep(subject, facts, kept, said),
    onSuccess: async (to) => {
      onSaved();
      await client.invalidateQueries({ queryKey: registerKey });
      notice.done(say(`question.saved.${kept.what}`));
      await navigate(to);
    },
    onError: (error) => showFieldProblems(form, error),
  });
  return (
    <Form
      form={form}
      component={false}
      layout="vertical"
      requiredMark={false}
      initialValues={{ type: 'app' }}
      onFinish={save.mutate}
    >
      {isNew && (
        <>
          <NameFields
            onEnglish={(slug) => {
              if (!ownSlug) form.setFieldValue('slug', slug);
            }}
            example={kept.what === 'new-function' ? 'function' : 'service'}
          />
          <SlugField onOwn={() => setOwnSlug(true)} />
        </>
      )}
      {kept.what === 'new-service' && (
        <Form.Item name="type" label={say('register.type')}>
          <Segmented
            options={[
              { value: 'app', label: say('register.type.app') },
              { value: 'site', label: say('register.type.site') },
            ]}
          />
        </Form.Item>
      )}
      {kept.what === 'new-version' && (
        <Form.Item
          name="reason"
          label={say('question.save.reason')}
          rules={[{ required: true, whitespace: true, message: say('register.reason.missing') }]}
        >
          <Input.TextArea maxLength={1000} autoSize={{ minRows: 2 }} />
        </Form.Item>
      )}
      {kept.what === 'happening' && (
        <Form.Item name="reason" label={say('register.happening.note')}>
          <Input.TextArea maxLength={2000} autoSize={{ minRows: 2 }} />
        </Form.Item>
      )}
      {save.error && (
        <Form.Item>
          <ProblemNote error={save.error} />
        </Form.Item>
      )}
      <Button type="primary" className="save-button" loading={save.isPending} onClick={() => form.submit()}>
        {say(`question.save.${kept.what}.action`)}
      </Button>
    </Form>
  );
}
