import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Select } from 'antd';
import type { Assessment } from '../../../src/contract/assessments.ts';
import { addHazard, assessmentsKey } from '../../api/assessments.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { keyOf } from './assessment-page.tsx';

interface Given {
  title: string;
  impact: 'misleads' | 'hinders' | 'weakens';
  frequency: 'usual' | 'frequent' | 'occasional';
  requirements: string[];
  reproduce?: string;
}

/** What a person found. How bad it is follows from the same matrix as for what a probe finds. */
export function AddHazard({ assessment, onClose }: { assessment: Assessment; onClose: () => void }) {
  const say = useWords();
  const lang = useLang();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: ({ requirements, reproduce, ...given }: Given) =>
      addHazard(assessment.id, {
        ...given,
        requirements: assessment.requirements
          .filter((one) => requirements.includes(keyOf(one)))
          .map(({ rulebook, id }) => ({ rulebook, id })),
        reproduce: (reproduce ?? '')
          .split('\n')
          .map((step) => step.trim())
          .filter((step) => step !== ''),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: assessmentsKey });
      onClose();
    },
  });
  const required = [{ required: true, message: say('assessments.field.missing') }];
  return (
    <Modal open title={say('assessments.hazard.add')} footer={null} onCancel={onClose} destroyOnHidden>
      <Form
        layout="vertical"
        requiredMark={false}
        initialValues={{ impact: 'hinders', frequency: 'occasional' }}
        onFinish={(given: Given) => save.mutate(given)}
      >
        <Form.Item name="title" label={say('assessments.hazard.title')} rules={required}>
          <Input maxLength={500} />
        </Form.Item>
        <Form.Item name="impact" label={say('assessments.impact')}>
          <Select
            options={(['misleads', 'hinders', 'weakens'] as const).map((value) => ({
              value,
              label: say(`assessments.impact.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="frequency" label={say('assessments.frequency')} extra={say('assessments.matrix')}>
          <Select
            options={(['usual', 'frequent', 'occasional'] as const).map((value) => ({
              value,
              label: say(`assessments.frequency.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="requirements" label={say('assessments.requirements')} rules={required}>
          <Select
            mode="multiple"
            options={assessment.requirements.map((one) => ({
              value: keyOf(one),
              label: `${one.id} ${one.title[lang]}`,
            }))}
            showSearch={{ optionFilterProp: 'label' }}
          />
        </Form.Item>
        <Form.Item name="reproduce" label={say('assessments.hazard.reproduce.write')}>
          <Input.TextArea autoSize={{ minRows: 2 }} maxLength={4000} />
        </Form.Item>
        {save.error && (
          <Form.Item>
            <ProblemNote error={save.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {say('assessments.hazard.add')}
        </Button>
      </Form>
    </Modal>
  );
}
