import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Radio, Select } from 'antd';
import { useState } from 'react';
import type { LabelSettings, LabelSettingsFields } from '../../../src/contract/labellings.ts';
import { useMay } from '../../api/me.ts';
import { showFieldProblems } from '../../ui/form-problems.ts';
import { useNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Time } from '../../ui/time.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useWords } from '../../words/words.ts';
import { EditConflict, isConflict } from '../register/edit-conflict.tsx';
import { Doer } from '../screening/doer.tsx';
import '../screening/screening.css';
import { putSettings, settingsQuery } from './calls.ts';
import './labelling.css';
import { levels } from './plan.ts';
import { sourceTypeOptions } from './plan-form.tsx';
import { ProviderField } from './provider-field.tsx';
import { Tabs } from './tabs.tsx';

/** What the organisation says in its labels each time: the form begins with it, and the API completes plans by it. */
export function SettingsPage() {
  const say = useWords();
  const may = useMay('administrator', 'assessor', 'director');
  const { data, error, refetch } = useQuery(settingsQuery);
  return (
    <Page title={say('labelling.settings.title')} lead={say('labelling.settings.lead')} above={<Tabs />} width="text">
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting lines={6} />}
      {data && <SettingsForm settings={data} may={may} />}
      {data && data.changedAt !== null && (
        <p className="quiet">
          {say('labelling.settings.changed')} <Doer doer={data.by} /> · <Time at={data.changedAt} />
        </p>
      )}
    </Page>
  );
}

interface Values {
  contentProducer?: string;
  contentPropagator?: string;
  label: LabelSettings['label'];
  sourceType: string;
}

function SettingsForm({ settings, may }: { settings: LabelSettings; may: boolean }) {
  const say = useWords();
  const notice = useNotice();
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const [seen, setSeen] = useState(settings.revision);
  const save = useMutation({
    mutationFn: ({ values, over }: { values: Values; over: number }) =>
      putSettings({ ...fieldsOf(values), revision: over }),
    onSuccess: (saved) => {
      setSeen(saved.revision);
      client.setQueryData(settingsQuery.queryKey, saved);
      notice.done(say('labelling.settings.saved'));
    },
    onError: (error) => {
      if (!isConflict(error)) showFieldProblems(form, error);
    },
  });
  const takeTheirs = async () => {
    const theirs = await client.fetchQuery(settingsQuery);
    form.setFieldsValue(valuesOf(theirs));
    setSeen(theirs.revision);
    save.reset();
  };
  const keepMine = async () => {
    const { revision } = await client.fetchQuery({ ...settingsQuery, staleTime: 0 });
    save.mutate({ values: form.getFieldsValue(), over: revision });
  };
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      disabled={!may}
      initialValues={valuesOf(settings)}
      onFinish={(values) => save.mutate({ values, over: seen })}
      className="plan-card"
    >
      <ProviderField
        name="contentProducer"
        service="generation"
        label={say('labelling.settings.producer')}
        required={false}
      />
      <ProviderField
        name="contentPropagator"
        service="propagation"
        label={say('labelling.settings.propagator')}
        required={false}
      />
      <Form.Item name="label" label={say('labelling.settings.level')}>
        <Radio.Group className="plan-choices" aria-label={say('labelling.settings.level')}>
          {levels.map((level) => (
            <Radio key={level} value={level}>
              {say(`labelling.level.${level}`)} <code className="quiet">{level}</code>
            </Radio>
          ))}
        </Radio.Group>
      </Form.Item>
      <Form.Item
        name="sourceType"
        label={say('labelling.settings.source-type')}
        extra={say('labelling.settings.source-type.about')}
      >
        <Select options={sourceTypeOptions(say, ['keep'])} popupMatchSelectWidth={false} />
      </Form.Item>
      {save.error && (
        <Form.Item>
          {isConflict(save.error) ? (
            <EditConflict error={save.error} onTheirs={() => void takeTheirs()} onMine={() => void keepMine()} />
          ) : (
            <ProblemNote error={save.error} />
          )}
        </Form.Item>
      )}
      {may ? (
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {say('labelling.settings.save')}
        </Button>
      ) : (
        <p className="quiet">{say('labelling.settings.may-not')}</p>
      )}
    </Form>
  );
}

function valuesOf({ contentProducer, contentPropagator, label, sourceType }: LabelSettingsFields): Values {
  return {
    contentProducer: contentProducer ?? '',
    contentPropagator: contentPropagator ?? '',
    label,
    sourceType: sourceType ?? 'keep',
  };
}

function fieldsOf({ contentProducer, contentPropagator, label, sourceType }: Values): LabelSettingsFields {
  return {
    contentProducer: contentProducer || null,
    contentPropagator: contentPropagator || null,
    label,
    sourceType: sourceType === 'keep' ? null : sourceType,
  };
}
